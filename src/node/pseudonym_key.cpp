// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/pseudonym_key.h"

#include "core/lies_within.h"

#include <QStandardPaths>

namespace consilium::node {

namespace fs = std::filesystem;

fs::path pseudonymKeyFile(const fs::path &asked)
{
    if (!asked.empty())
        return asked;
    const auto data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return fs::path(data.toStdU16String()) / "consilium" / "pseudonym.key";
}

Result<imaging::dicom::PseudonymKey> openPseudonymKey(const fs::path &file, const fs::path &out)
{
    const auto inOutput = liesWithin(out, file);
    if (!inOutput)
        return fail(inOutput.error());
    if (*inOutput)
        return failWithHint(ErrorCode::Invalid, "Keep it elsewhere: who has it can tell the patients",
                            "The key {} would lie in the output", file.string());
    return imaging::dicom::PseudonymKey::open(file);
}

} // namespace consilium::node
