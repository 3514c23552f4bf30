// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/audited.h"

namespace consilium::storage {

std::optional<AuditEntry> auditOfValue(const std::string &key, const std::string &value)
{
    if (key == "bestRound")
        return AuditEntry{"best-chosen", {}, std::atoi(value.c_str())};
    if (key == "state" && value != "prepared")
        return AuditEntry{"study-" + value, {}, 0};
    return std::nullopt;
}

std::optional<AuditEntry> auditOfRound(int round, RoundState state, const std::string &note)
{
    if (state != RoundState::Closed && state != RoundState::Failed)
        return std::nullopt;
    return AuditEntry{state == RoundState::Closed ? "round-closed" : "round-failed", {}, round, {{"note", note}}};
}

std::optional<AuditEntry> auditOfSiteRound(int round, const std::string &site, SiteState state,
                                           const std::string &detail)
{
    if (state != SiteState::NotCounted)
        return std::nullopt;
    return AuditEntry{"not-counted", site, round, {{"reason", detail}}};
}

std::optional<AuditEntry> auditOfOffer(const MessageRow &message)
{
    return AuditEntry{"offered", message.site, message.round, {{"message", message.id}, {"kind", message.kind}}};
}

std::optional<AuditEntry> auditOfReply(const MessageRow &answered, const std::optional<UpdateRow> &update)
{
    AuditEntry entry{"evaluated", answered.site, answered.round, {{"reply", answered.reply.value_or("")}}};
    if (update) {
        entry.event = "uploaded";
        entry.details["update"] = update->sha256;
        entry.details["samples"] = update->samples;
    } else if (answered.kind == "train") {
        entry.event = "answered";
    }
    return entry;
}

std::optional<AuditEntry> auditOfEvent(const Event &event)
{
    if (event.event != "approved" && event.event != "refused" && event.event != "decision")
        return std::nullopt;
    AuditEntry entry{event.event, event.site, event.round, event.details};
    if (!entry.details.is_object())
        entry.details = {{"details", event.details}};
    entry.details["text"] = event.text;
    return entry;
}

} // namespace consilium::storage
