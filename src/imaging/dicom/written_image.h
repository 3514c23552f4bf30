// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/dicom_file.h"
#include "imaging/dicom/series_writer.h"

#include <string>

/// The modules of the images that we write, by PS3.3.
namespace consilium::imaging::dicom {

/// How values become 16-bit integers: value = stored x slope + intercept.
struct StoredValues
{
    double slope = 1, intercept = 0;
    bool isSigned = false;
    double low = 0, high = 1; ///< range of the values
};

/// Fills data sets one attribute after the other; the first refusal of DCMTK is kept.
class ImageWriting
{
public:
    ImageWriting(const Volume &volume, const SeriesDescription &description, const StoredValues &stored)
        : m_volume(volume), m_description(description), m_stored(stored)
    {
    }

    /// Slice k as a classic MR or CT image.
    Result<> slice(DcmDataset &dataset, int k);
    Result<> radiograph(DcmDataset &dataset);
    /// The whole volume as one enhanced MR image.
    Result<> enhanced(DcmDataset &dataset);

private:
    void patientAndStudy(DcmDataset &dataset);
    void equipment(DcmDataset &dataset);
    void frameOfReference(DcmDataset &dataset);
    void instance(DcmDataset &dataset, const std::string &sopClass, int number);
    void pixelDescription(DcmDataset &dataset);
    void window(DcmItem &item);
    void rescale(DcmItem &item);
    void pixels(DcmDataset &dataset, int firstSlice, int slices);
    void mrAcquisition(DcmDataset &dataset);
    void ctAcquisition(DcmDataset &dataset);
    void detector(DcmDataset &dataset);
    void anatomy(DcmDataset &dataset);
    void enhancedAcquisition(DcmDataset &dataset);
    void dimensions(DcmDataset &dataset);
    void safety(DcmItem &timing);
    void contrast(DcmItem &groups);
    void coils(DcmItem &groups);
    void sharedGroups(DcmItem &groups);
    void frameGroups(DcmItem &groups, int k);

    void put(DcmItem &item, const DcmTagKey &tag, const std::string &value);
    void putCount(DcmItem &item, const DcmTagKey &tag, unsigned value); ///< US or UL, as the tag asks
    void putReal(DcmItem &item, const DcmTagKey &tag, double value);    ///< FD or FL
    DcmItem &newItem(DcmItem &item, const DcmTagKey &sequence);
    void putCode(DcmItem &item, const DcmTagKey &sequence, const std::string &value, const std::string &scheme,
                 const std::string &meaning);
    void check(const OFCondition &condition);
    Result<> outcome() const;

    std::string uid(const std::string &role) const;
    std::string position(int k) const;
    std::string orientation() const;
    std::string pixelSpacing() const;

    const Volume &m_volume;
    const SeriesDescription &m_description;
    const StoredValues &m_stored;
    DcmItem m_discarded; ///< stands in for an item that DCMTK refused to make
    OFCondition m_condition = EC_Normal;
};

} // namespace consilium::imaging::dicom
