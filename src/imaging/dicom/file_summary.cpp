// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/file_summary.h"

#include "imaging/dicom/dicom_file.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <array>
#include <cstring>
#include <fstream>

namespace consilium::imaging::dicom {

Result<FileSummary> summarise(const std::filesystem::path &file)
{
    auto opened = DicomFile::open(file, Depth::Header);
    if (!opened)
        return fail(opened.error());
    auto &dataset = opened->dataset();
    FileSummary summary;
    summary.sopClassUid = text(dataset, DCM_SOPClassUID);
    summary.sopClass = uidName(summary.sopClassUid);
    summary.modality = text(dataset, DCM_Modality);
    summary.studyUid = text(dataset, DCM_StudyInstanceUID);
    summary.seriesUid = text(dataset, DCM_SeriesInstanceUID);
    summary.frameOfReferenceUid = text(dataset, DCM_FrameOfReferenceUID);
    return summary;
}

std::string uidName(const std::string &uid)
{
    // DCMTK names the storage classes in the short form of its tables ("MRImageStorage").
    const char *name = dcmFindNameOfUID(uid.c_str());
    return name ? name : uid;
}

bool looksLikeDicom(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    std::array<char, 132> start{};
    return in.read(start.data(), start.size()) && std::memcmp(start.data() + 128, "DICM", 4) == 0;
}

bool holdsDicom(const std::filesystem::path &path)
{
    namespace fs = std::filesystem;
    std::error_code error;
    if (fs::is_regular_file(path, error))
        return looksLikeDicom(path);
    constexpr auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator entry(path, options, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code unreadable;
        if (entry->is_regular_file(unreadable) && looksLikeDicom(entry->path()))
            return true;
    }
    return false;
}

} // namespace consilium::imaging::dicom
