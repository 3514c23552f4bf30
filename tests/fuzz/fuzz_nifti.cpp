// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace {

/// The reader takes files: this one lies in memory where the system has a place for that.
const std::filesystem::path &inputFile()
{
    static const auto file = [] {
        const std::filesystem::path memory = "/dev/shm";
        const auto folder = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
        return folder / ("consilium-fuzz-" + std::to_string(std::random_device()()) + ".nii");
    }();
    return file;
}

} // namespace

/// Bytes from anywhere as a NIfTI file: its header, its voxels as an image and as labels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::ofstream(inputFile(), std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char *>(data), static_cast<std::streamsize>(size));
    (void)consilium::imaging::readNiftiHeader(inputFile());
    (void)consilium::imaging::readNifti(inputFile());
    (void)consilium::imaging::readLabels(inputFile());
    std::error_code ignored; // libFuzzer ends without running destructors
    std::filesystem::remove(inputFile(), ignored);
    return 0;
}
