// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "security/invitation.h"
#include "storage/audit_log.h"

#include <filesystem>
#include <optional>

namespace consilium::federation {

/// What a custodian agreed to: this plan for this data.
struct Consent
{
    std::string planHash;
    std::filesystem::path data;
    std::string approved; ///< ISO 8601
};

/// A site's own folder: identity, plan, consent, audit chain, and what is in flight. The private key never leaves it.
class SiteFolder
{
public:
    /// Uses an invitation: makes a key (or takes the one a broken attempt left), sends a request with the token, stores
    /// the certificate. Running it again with the same invitation is harmless. Errors: Unavailable (host not reached);
    /// Refused; Io; Invalid (the folder belongs to another study).
    static Result<SiteFolder> enrol(const security::Invitation &invitation, const std::filesystem::path &folder);
    /// Errors: NotFound (not a site folder); Malformed.
    static Result<SiteFolder> open(const std::filesystem::path &folder);

    const std::filesystem::path &folder() const { return m_folder; }
    const std::string &studyId() const { return m_studyId; }
    const std::string &title() const { return m_title; }
    const std::string &site() const { return m_site; }
    const std::string &endpoint() const { return m_endpoint; }
    const Plan &plan() const { return m_plan; }

    std::filesystem::path spool() const { return m_folder / "spool"; }
    std::filesystem::path outbox() const { return m_folder / "outbox.json"; }
    std::filesystem::path bestModel() const { return m_folder / "models" / "best.safetensors"; }

    std::filesystem::path personalModel() const { return m_folder / "models" / "personal.safetensors"; }

    Result<std::string> keyPem() const;
    Result<std::string> certificatePem() const;
    Result<std::string> authorityPem() const;

    /// Nothing when nobody has approved yet. Errors: Malformed.
    Result<std::optional<Consent>> consent() const;
    Result<> approve(const Consent &consent) const;

    /// Adds a link to the site's own audit chain. Events: "enrolled", "approved", "offered", "refused", "uploaded".
    /// Errors: those of AuditLog::append.
    Result<> audit(const std::string &event, int round, const Json &details) const;
    storage::AuditLog auditLog() const { return {m_folder / "audit.jsonl", m_studyId + "/" + m_site}; }

private:
    std::filesystem::path m_folder;
    std::string m_studyId, m_title, m_site, m_endpoint;
    Plan m_plan;
};

} // namespace consilium::federation
