// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"

#include <filesystem>
#include <vector>

namespace consilium::federation {

/// What encoding lost of a site's changes, kept in the site's folder from round to round.
///
/// A residual goes with one reply. It is proposed before the reply is stored and becomes the site's own by keep() once
/// the reply is on disk, before it is sent; a kill in between trains the round again from the residual before it. A
/// round that the host asks for again, because it failed, starts from that one too. So a part of a change is neither
/// sent twice nor lost. Two files at most, besides a proposal.
class UpdateResidual
{
public:
    explicit UpdateResidual(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// For encodeUpdate() in `round`: what the last round before it left; no tensors when there was none. Errors:
    /// Malformed, Unsupported, Io, naming the file.
    Result<ModelState> load(int round) const;

    /// Sets the residual of this round's reply aside; one without tensors needs no keeping. Errors: Io.
    Result<> propose(int round, const ModelState &residual) const;

    /// Makes the proposal of `round` that round's residual; nothing when there is none, so that it may be called again
    /// for a reply that was found on disk. Errors: Io.
    Result<> keep(int round) const;

private:
    std::filesystem::path kept(int round) const;
    std::filesystem::path proposed() const { return m_folder / "proposed.safetensors"; }
    std::vector<int> keptRounds() const; ///< rising

    std::filesystem::path m_folder;
};

} // namespace consilium::federation
