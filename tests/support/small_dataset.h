// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/file.h"
#include "core/json.h"
#include "imaging/nifti.h"

#include <filesystem>
#include <fmt/format.h>
#include <string>

namespace consilium::test {

/// A dataset folder whose files a test makes by hand, in nnU-Net raw layout.
class SmallDataset
{
public:
    explicit SmallDataset(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    const std::filesystem::path &folder() const { return m_folder; }
    std::filesystem::path image(const std::string &id, int channel = 0) const
    {
        return m_folder / "imagesTr" / fmt::format("{}_{:04}.nii.gz", id, channel);
    }
    std::filesystem::path labels(const std::string &id) const { return m_folder / "labelsTr" / (id + ".nii.gz"); }

    bool describe(const Json &description) const
    {
        return writeJson(m_folder / "dataset.json", description).has_value();
    }

    /// One channel, "background" and "lesion".
    bool describe() const
    {
        return describe({{"channel_names", {{"0", "T1"}}},
                         {"labels", {{"background", 0}, {"lesion", 1}}},
                         {"file_ending", ".nii.gz"}});
    }

    /// Files that are there and hold nothing readable: enough for whatever looks at names alone.
    bool touchCase(const std::string &id, int channels = 1) const
    {
        bool made = writeFileAtomically(labels(id), "x").has_value();
        for (int channel = 0; channel < channels; ++channel)
            made = made && writeFileAtomically(image(id, channel), "x").has_value();
        return made;
    }

    /// An image with values 1, 2, 3, ... and a label map with a cuboid of `label` in the first half of each axis.
    bool addCase(const std::string &id, const imaging::Geometry &geometry, std::uint8_t label = 1) const
    {
        imaging::Volume volume{geometry, {}};
        imaging::LabelMap map{geometry, {}};
        for (int k = 0; k < geometry.size[2]; ++k) {
            for (int j = 0; j < geometry.size[1]; ++j) {
                for (int i = 0; i < geometry.size[0]; ++i) {
                    const bool inside =
                        2 * i < geometry.size[0] && 2 * j < geometry.size[1] && 2 * k < geometry.size[2];
                    volume.values.push_back(static_cast<float>(volume.values.size() + 1));
                    map.values.push_back(inside ? label : 0);
                }
            }
        }
        return imaging::writeNifti(image(id), volume).has_value() && imaging::writeLabels(labels(id), map).has_value();
    }

private:
    std::filesystem::path m_folder;
};

inline imaging::Geometry gridOf(int x, int y, int z, double spacing = 1)
{
    imaging::Geometry geometry;
    geometry.size = {x, y, z};
    geometry.spacing = {spacing, spacing, spacing};
    return geometry;
}

} // namespace consilium::test
