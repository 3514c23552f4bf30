// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/audit_log.h"

#include "core/file.h"
#include "core/platform.h"

#include <thread>

namespace consilium::storage {

namespace {

Result<std::string> lineOf(const AuditLink &link)
{
    auto details = parseJson(link.details);
    if (!details)
        return fail(details.error());
    auto line = canonicalJson({{"sequence", link.sequence},
                               {"time", link.time},
                               {"event", link.event},
                               {"site", link.site},
                               {"round", link.round},
                               {"details", std::move(*details)},
                               {"previous", link.previous},
                               {"hash", link.hash}});
    if (line)
        *line += '\n';
    return line;
}

Result<AuditLink> linkOf(std::string_view line)
{
    const auto json = parseJson(line);
    if (!json)
        return fail(json.error());
    try {
        AuditLink link;
        json->at("sequence").get_to(link.sequence);
        json->at("time").get_to(link.time);
        json->at("event").get_to(link.event);
        json->at("site").get_to(link.site);
        json->at("round").get_to(link.round);
        json->at("previous").get_to(link.previous);
        json->at("hash").get_to(link.hash);
        auto details = canonicalJson(json->at("details"));
        if (!details)
            return fail(details.error());
        link.details = std::move(*details);
        return link;
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "Not a link: {}", error.what());
    }
}

Result<std::string> contents(const std::filesystem::path &file)
{
    auto text = readFile(file);
    if (!text && text.error().code == ErrorCode::NotFound)
        return std::string();
    return text;
}

} // namespace

Result<> AuditLog::append(const AuditEntry &entry) const
{
    auto lockFile = m_file;
    lockFile += ".lock";
    std::optional<platform::FileLock> lock;
    for (int tries = 0; !(lock = platform::FileLock::take(lockFile)); ++tries) {
        if (tries == 100)
            return failWithHint(ErrorCode::Busy, "Try again when it has ended",
                                "Another process holds the audit file {}", m_file.string());
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    auto text = contents(m_file);
    if (!text)
        return fail(text.error());
    const auto whole = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
    if (whole < text->size()) {
        std::error_code error;
        std::filesystem::resize_file(m_file, whole, error);
        if (error)
            return fail(ErrorCode::Io, "{} could not be written: {}", m_file.string(), error.message());
        text->resize(whole);
    }
    std::int64_t sequence = 0;
    std::string previous = m_anchor;
    if (!text->empty()) {
        const auto begin = text->rfind('\n', text->size() - 2);
        const auto last = linkOf(std::string_view(*text).substr(begin == std::string::npos ? 0 : begin + 1));
        if (!last)
            return failWithHint(ErrorCode::Malformed,
                                "Run 'consilium-node verify' on this folder, and restore the file",
                                "The last line of {} is no link of an audit chain", m_file.string());
        sequence = last->sequence;
        previous = last->hash;
    }
    const auto line = lineOf(makeLink(entry, sequence + 1, previous, now()));
    if (!line)
        return fail(line.error());
    return appendToFile(m_file, *line);
}

Result<AuditLog::State> AuditLog::check() const
{
    const auto text = contents(m_file);
    if (!text)
        return fail(text.error());
    AuditCheck chain(m_anchor);
    State state;
    int number = 0;
    for (std::size_t begin = 0, end = 0; (end = text->find('\n', begin)) != std::string::npos; begin = end + 1) {
        ++number;
        const auto link = linkOf(std::string_view(*text).substr(begin, end - begin));
        const auto problem = link ? chain.add(*link) : fmt::format("line {} is no link", number);
        if (problem) {
            state.problem = *problem;
            break;
        }
    }
    state.links = chain.links();
    return state;
}

} // namespace consilium::storage
