// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study_store.h"

/// What of a study has to stand in its audit chain, decided here alone. Nothing: it does not.
///
/// event              round  site  details
/// study-created                   plan (SHA-256), title
/// audit-begun                     plan, closedRounds: a study of a version without audit goes on
/// invited                   x
/// enrolled                  x     key (SHA-256 of the site's public key)
/// offered              x    x     message (object id), kind ("train", "evaluate", "test")
/// uploaded             x    x     reply (object id), update (its hash), samples
/// evaluated            x    x     reply
/// answered             x    x     reply: an answer that brought no update
/// not-counted          x    x     reason
/// round-closed         x          note
/// round-failed         x          note
/// receipt              x          receipt (its hash), replaced (the hash of the one it replaces)
/// best-chosen          x
/// study-running, study-stopped, study-finished
/// approved, refused, decision: as they were told, with text
namespace consilium::storage {

std::optional<AuditEntry> auditOfValue(const std::string &key, const std::string &value);
std::optional<AuditEntry> auditOfRound(int round, RoundState state, const std::string &note);
std::optional<AuditEntry> auditOfSiteRound(int round, const std::string &site, SiteState state,
                                           const std::string &detail);
std::optional<AuditEntry> auditOfOffer(const MessageRow &message);
std::optional<AuditEntry> auditOfReply(const MessageRow &answered, const std::optional<UpdateRow> &update);
std::optional<AuditEntry> auditOfEvent(const Event &event);

} // namespace consilium::storage
