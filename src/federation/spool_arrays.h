// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/spool.h"
#include "federation/update_reader.h"

#include <memory>

namespace consilium::federation {

/// The tensors of an ArrayRecord in a spool, read where they lie: a model that arrived is never written a second time,
/// nor copied, but where a tile lies across two objects.
class SpoolArrays : public UpdateReader
{
public:
    /// Errors: NotFound (an object has not arrived); Malformed, naming the tensor (its chunks are not the array that
    /// its header promises).
    static Result<std::shared_ptr<const SpoolArrays>> open(const std::string &recordId, const Spool &spool);

    const std::vector<TensorInfo> &tensors() const override { return m_tensors; }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &scratch) const override;
    void release(std::size_t index, std::size_t begin, std::size_t count) const override;

private:
    /// A run of a tensor's values within one object.
    struct Piece
    {
        std::string id;
        std::uint64_t offset = 0; ///< of the run in the encoded object
        std::size_t begin = 0;    ///< of the run in the tensor's values
        std::size_t bytes = 0;
        std::optional<platform::MappedFile> mapped;
    };
    /// The first piece with bytes of tensor `index` from `byte` on.
    std::vector<Piece>::const_iterator pieceAt(std::size_t index, std::size_t byte) const;

    explicit SpoolArrays(const Spool &spool) : m_spool(spool) {}
    Result<> add(const std::string &name, const std::string &arrayId);

    Spool m_spool;
    std::vector<TensorInfo> m_tensors;
    std::vector<std::vector<Piece>> m_pieces; ///< of each tensor, in order
};

} // namespace consilium::federation
