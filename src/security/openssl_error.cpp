// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/openssl_error.h"

#include <openssl/err.h>

namespace consilium::security {

Error opensslError(ErrorCode code, const std::string &what)
{
    char reason[256] = "";
    if (const auto number = ERR_get_error(); number != 0)
        ERR_error_string_n(number, reason, sizeof reason);
    ERR_clear_error();
    return Error{code, *reason ? what + ": " + reason : what, {}};
}

BioPointer memoryBio(std::string_view bytes)
{
    BioPointer bio(BIO_new(BIO_s_mem()));
    if (!bytes.empty())
        BIO_write(bio.get(), bytes.data(), static_cast<int>(bytes.size()));
    return bio;
}

std::string contents(BIO *bio)
{
    char *data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

} // namespace consilium::security
