// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace consilium {

/// What kind of thing went wrong; callers branch on it, people read Error::message.
enum class ErrorCode {
    NotFound,    ///< a file, case, site or study that is not there
    Malformed,   ///< data that breaks its own format
    Unsupported, ///< well-formed data of a kind we do not read
    Invalid,     ///< a value outside what the program accepts
    Io,          ///< the disk or the network said no
    Busy,        ///< somebody else holds it (a port, a study folder)
    Refused,     ///< trust: no consent, wrong key, wrong plan
    Unavailable, ///< not now; trying again later may work
    Cancelled,   ///< a person asked to stop
    Internal     ///< a fault of ours
};

/// A failure in words for people: what happened (message) and what to do about it (hint, may be empty).
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string hint;

    /// One line: the message, then the hint.
    std::string line() const { return hint.empty() ? message : message + ". " + hint; }

    Error withHint(std::string text) &&
    {
        hint = std::move(text);
        return std::move(*this);
    }
};

template <typename T = void>
using Result = tl::expected<T, Error>;

/// Makes the failing side of a Result: `return fail(ErrorCode::NotFound, "No case {}", id);`
template <typename... Args>
tl::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> text, Args &&...args)
{
    return tl::unexpected<Error>(Error{code, fmt::format(text, std::forward<Args>(args)...), {}});
}

/// Passes a failure on unchanged.
inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

/// Passes a failure on with what was being done when it happened; code and hint are kept.
template <typename... Args>
tl::unexpected<Error> fail(const Error &cause, fmt::format_string<Args...> text, Args &&...args)
{
    return tl::unexpected<Error>(
        Error{cause.code, fmt::format(text, std::forward<Args>(args)...) + ": " + cause.message, cause.hint});
}

/// Makes a failure with a hint: `return failWithHint(ErrorCode::Busy, "Close the other program", "Port {} is in use",
/// 9);`
template <typename... Args>
tl::unexpected<Error> failWithHint(ErrorCode code, std::string hint, fmt::format_string<Args...> text, Args &&...args)
{
    return tl::unexpected<Error>(Error{code, fmt::format(text, std::forward<Args>(args)...), std::move(hint)});
}

} // namespace consilium
