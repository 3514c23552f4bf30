// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_check.h"

#include "core/safetensors.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace consilium::federation {

namespace {

template <typename T>
bool finite(std::span<const std::byte> bytes)
{
    for (std::size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
        T value;
        std::memcpy(&value, bytes.data() + i, sizeof value);
        if (!std::isfinite(value))
            return false;
    }
    return true;
}

} // namespace

Result<> checkUpdate(const std::filesystem::path &update, const std::filesystem::path &model)
{
    auto theirs = SafetensorsFile::open(update);
    if (!theirs)
        return fail(theirs.error());
    const auto ours = SafetensorsFile::open(model);
    if (!ours)
        return fail(ours.error());
    if (theirs->tensors().size() != ours->tensors().size())
        return fail(ErrorCode::Invalid, "it has {} tensors, the model {}", theirs->tensors().size(),
                    ours->tensors().size());
    std::vector<std::byte> piece;
    for (std::size_t i = 0; i < ours->tensors().size(); ++i) {
        const auto &info = theirs->tensors()[i];
        if (info != ours->tensors()[i])
            return fail(ErrorCode::Invalid, "its tensor '{}' has another name, type or shape than the model's '{}'",
                        info.name, ours->tensors()[i].name);
        if (info.dtype != DType::F32 && info.dtype != DType::F64)
            continue;
        for (std::size_t begin = 0; begin < info.bytes(); begin += piece.size()) {
            piece.resize(std::min<std::size_t>(4 << 20, info.bytes() - begin));
            if (auto read = theirs->read(i, begin, piece); !read)
                return read;
            if (info.dtype == DType::F32 ? !finite<float>(piece) : !finite<double>(piece))
                return fail(ErrorCode::Invalid, "its tensor '{}' holds values that are not finite", info.name);
        }
    }
    return {};
}

} // namespace consilium::federation
