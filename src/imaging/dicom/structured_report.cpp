// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/structured_report.h"

#include "imaging/dicom/written_object.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmsr/codes/dcm.h>
#include <dcmtk/dcmsr/codes/ucum.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace consilium::imaging::dicom {
namespace {

constexpr const char *privateScheme = "99CONSILIUM";
/// Identifies the program wherever a report names what observed.
constexpr const char *deviceContent = "Consilium device observer";

std::string angleMeaning(const std::string &name)
{
    static const std::map<std::string, std::string> meanings{
        {"SS", "Sacral slope"}, {"PI", "Pelvic incidence"}, {"PT", "Pelvic tilt"}, {"LL", "Lumbar lordosis"}};
    const auto known = meanings.find(name);
    return known == meanings.end() ? name : known->second;
}

DSRCodedEntryValue coded(const Code &code)
{
    return {code.value.c_str(), code.scheme.c_str(), firstCharacters(code.meaning, 64).c_str()};
}

/// CID 100, as far as an image of the modality alone can say.
Code procedureOf(const std::string &modality)
{
    static const std::map<std::string, Code> procedures{{"CT", {"25045-6", "LN", "CT unspecified body region"}},
                                                        {"MR", {"25056-3", "LN", "MRI unspecified body region"}},
                                                        {"PT", {"44136-0", "LN", "PET unspecified body region"}},
                                                        {"NM", {"49118-3", "LN", "NM unspecified body region"}}};
    const auto known = procedures.find(modality);
    return known == procedures.end() ? Code{"363679005", "SCT", "Imaging procedure"} : known->second;
}

/// Reference to the segmentation that lesions are segments of.
struct SegmentationReference
{
    std::string sopClass, sopInstance, seriesUid, studyUid;
};

/// Grows the tree of the report; the first refusal of DCMTK stays and ends the growth.
class Tree
{
public:
    explicit Tree(DSRDocumentTree &tree) : m_tree(tree) {}

    OFCondition status() const { return m_status; }

    void root(const DSRCodedEntryValue &title)
    {
        if (m_tree.addContentItem(DSRTypes::RT_isRoot, DSRTypes::VT_Container) == 0)
            m_status = EC_IllegalCall;
        name(title);
        useTemplate("1500");
    }

    /// Adds a child and stays where it is; the child's value is set by `fill`.
    template <typename Fill>
    void leaf(DSRTypes::E_RelationshipType relationship, DSRTypes::E_ValueType type, const DSRCodedEntryValue &concept_,
              const Fill &fill)
    {
        if (!down(relationship, type, concept_))
            return;
        keep(fill(m_tree.getCurrentContentItem()));
        up();
    }
    void code(DSRTypes::E_RelationshipType relationship, const DSRCodedEntryValue &concept_,
              const DSRCodedEntryValue &value)
    {
        leaf(relationship, DSRTypes::VT_Code, concept_, [&](auto &item) { return item.setCodeValue(value); });
    }
    void string(DSRTypes::E_RelationshipType relationship, DSRTypes::E_ValueType type,
                const DSRCodedEntryValue &concept_, const std::string &value)
    {
        leaf(relationship, type, concept_, [&](auto &item) { return item.setStringValue(value.c_str()); });
    }
    void quantity(const DSRCodedEntryValue &concept_, double value, const DSRCodedEntryValue &unit)
    {
        leaf(DSRTypes::RT_contains, DSRTypes::VT_Num, concept_, [&](auto &item) {
            return item.setNumericValue(DSRNumericMeasurementValue(decimalString(value).c_str(), unit));
        });
    }

    /// Adds a container and goes into it.
    void enter(const DSRCodedEntryValue &concept_, const char *templateId = nullptr)
    {
        if (down(DSRTypes::RT_contains, DSRTypes::VT_Container, concept_) && templateId)
            useTemplate(templateId);
    }
    bool down(DSRTypes::E_RelationshipType relationship, DSRTypes::E_ValueType type, const DSRCodedEntryValue &concept_)
    {
        if (m_status.good() && m_tree.addContentItem(relationship, type, DSRTypes::AM_belowCurrent) == 0)
            m_status = EC_IllegalCall;
        name(concept_);
        return m_status.good();
    }
    void up()
    {
        if (m_status.good() && m_tree.goUp() == 0)
            m_status = EC_IllegalCall;
    }
    void keep(const OFCondition &condition)
    {
        if (m_status.good())
            m_status = condition;
    }
    DSRContentItem &current() { return m_tree.getCurrentContentItem(); }

private:
    void name(const DSRCodedEntryValue &concept_)
    {
        if (m_status.good())
            m_status = current().setConceptName(concept_);
    }
    void useTemplate(const char *identifier)
    {
        if (m_status.good())
            m_status = current().setTemplateIdentification(identifier, "DCMR", UID_DICOMContentMappingResource);
    }

    DSRDocumentTree &m_tree;
    OFCondition m_status = EC_Normal;
};

/// Fills the document for one report.
class ReportBuilder
{
public:
    ReportBuilder(DSRDocument &document, const MeasurementReport &report, const Series &series, SourceImages &source,
                  const std::optional<SegmentationReference> &segmentation)
        : m_document(document), m_tree(document.getTree()), m_report(report), m_series(series), m_source(source),
          m_segmentation(segmentation)
    {
    }

    Result<> build()
    {
        m_tree.root(CODE_DCM_ImagingMeasurementReport);
        addContext();
        m_tree.enter(CODE_DCM_ImagingMeasurements);
        for (const auto &lesion : m_report.lesions)
            addLesion(lesion);
        for (const auto &landmark : m_report.landmarks.points) {
            if (landmark.visibility != Visibility::Absent)
                addLandmark(landmark);
        }
        if (!m_report.angles.empty())
            addAngles();
        m_tree.up();
        addEvidence();
        return accepted(m_tree.status(), "The report");
    }

private:
    void addContext()
    {
        m_tree.code(DSRTypes::RT_hasConceptMod, CODE_DCM_LanguageOfContentItemAndDescendants,
                    {"en", "RFC5646", "English"});
        if (m_report.observer.empty()) {
            m_tree.code(DSRTypes::RT_hasObsContext, CODE_DCM_ObserverType, CODE_DCM_Device);
            m_tree.string(DSRTypes::RT_hasObsContext, DSRTypes::VT_UIDRef, CODE_DCM_DeviceObserverUID,
                          uidFromContent(deviceContent));
            m_tree.string(DSRTypes::RT_hasObsContext, DSRTypes::VT_Text, CODE_DCM_DeviceObserverName, "Consilium");
        } else {
            m_tree.code(DSRTypes::RT_hasObsContext, CODE_DCM_ObserverType, CODE_DCM_Person);
            m_tree.string(DSRTypes::RT_hasObsContext, DSRTypes::VT_PName, CODE_DCM_PersonObserverName,
                          m_report.observer);
        }
        m_tree.code(DSRTypes::RT_hasConceptMod, CODE_DCM_ProcedureReported, coded(procedureOf(m_series.modality)));
    }

    void enterGroup(const char *templateId, const std::string &trackingId, const std::string &trackingUid)
    {
        m_tree.enter(CODE_DCM_MeasurementGroup, templateId);
        m_tree.string(DSRTypes::RT_hasObsContext, DSRTypes::VT_Text, CODE_DCM_TrackingIdentifier, trackingId);
        m_tree.string(DSRTypes::RT_hasObsContext, DSRTypes::VT_UIDRef, CODE_DCM_TrackingUniqueIdentifier,
                      trackingUid.empty() ? uidFromContent(m_series.uid + "\ntracking\n" + trackingId) : trackingUid);
    }

    void addLesion(const LesionMeasurement &lesion)
    {
        enterGroup(lesion.segment > 0 ? "1411" : "1501", lesion.trackingId, lesion.trackingUid);
        m_tree.code(DSRTypes::RT_contains, CODE_DCM_Finding, coded(lesion.finding));
        if (lesion.segment > 0) {
            DSRImageReferenceValue reference(m_segmentation->sopClass.c_str(), m_segmentation->sopInstance.c_str());
            reference.getSegmentList().addItem(static_cast<Uint16>(lesion.segment));
            m_tree.leaf(DSRTypes::RT_contains, DSRTypes::VT_Image, CODE_DCM_ReferencedSegment,
                        [&](auto &item) { return item.setImageReference(reference); });
            m_tree.string(DSRTypes::RT_contains, DSRTypes::VT_UIDRef, CODE_DCM_SourceSeriesForSegmentation,
                          m_series.uid);
        }
        if (lesion.site)
            m_tree.code(DSRTypes::RT_hasConceptMod, {"363698007", "SCT", "Finding Site"}, coded(*lesion.site));
        if (lesion.volume)
            m_tree.quantity({"118565006", "SCT", "Volume"}, *lesion.volume, {"ml", "UCUM", "milliliter"});
        if (lesion.longestDiameter)
            m_tree.quantity({"103339001", "SCT", "Long Axis"}, *lesion.longestDiameter, CODE_UCUM_Millimeter);
        m_tree.up();
    }

    void addLandmark(const Landmark &landmark)
    {
        enterGroup("1410", landmark.name, {});
        if (m_source.inPatientSpace && !m_series.frameOfReferenceUid.empty())
            addPatientPoint(landmark);
        else
            addPixel(landmark);
        if (landmark.visibility == Visibility::Occluded)
            m_tree.string(DSRTypes::RT_contains, DSRTypes::VT_Text, CODE_DCM_Comment, "Occluded, placed by judgement");
        m_tree.up();
    }

    void addPatientPoint(const Landmark &landmark)
    {
        DSRSpatialCoordinates3DValue point(DSRTypes::GT3_Point);
        const auto &p = landmark.position;
        point.getGraphicDataList().addItem(static_cast<Float32>(p[0]), static_cast<Float32>(p[1]),
                                           static_cast<Float32>(p[2]));
        point.setFrameOfReferenceUID(m_series.frameOfReferenceUid.c_str());
        m_tree.leaf(DSRTypes::RT_contains, DSRTypes::VT_SCoord3D, CODE_DCM_ImageRegion,
                    [&](auto &item) { return item.setSpatialCoordinates3D(point); });
    }

    void addPixel(const Landmark &landmark)
    {
        const auto index = m_series.geometry.toIndex(landmark.position);
        const auto &image = m_source.slices[static_cast<std::size_t>(std::lround(index[2]))];
        // The centre of the first pixel is 0.5\0.5 (PS3.3 C.10.5.1.2).
        DSRSpatialCoordinatesValue pixel(DSRTypes::GT_Point);
        pixel.getGraphicDataList().addItem(static_cast<Float32>(index[0] + 0.5), static_cast<Float32>(index[1] + 0.5));
        if (!m_tree.down(DSRTypes::RT_contains, DSRTypes::VT_SCoord, CODE_DCM_ImageRegion))
            return;
        m_tree.keep(m_tree.current().setSpatialCoordinates(pixel));
        DSRImageReferenceValue reference(image.sopClass.c_str(), image.sopInstance.c_str());
        if (image.frame > 0)
            reference.getFrameList().addItem(image.frame);
        m_tree.leaf(DSRTypes::RT_selectedFrom, DSRTypes::VT_Image, CODE_DCM_SourceImage,
                    [&](auto &item) { return item.setImageReference(reference); });
        m_tree.up();
        m_shownOn.insert(image.sopInstance);
    }

    void addAngles()
    {
        enterGroup("1501", "Angles", {});
        for (const auto &angle : m_report.angles)
            m_tree.quantity({angle.name.c_str(), privateScheme, angleMeaning(angle.name).c_str()}, angle.degrees,
                            {"deg", "UCUM", "degree"});
        m_tree.up();
    }

    /// What the tree refers to, and apart from it the images that were looked at.
    void addEvidence()
    {
        if (m_segmentation)
            m_tree.keep(m_document.getCurrentRequestedProcedureEvidence().addItem(
                m_segmentation->studyUid.c_str(), m_segmentation->seriesUid.c_str(), m_segmentation->sopClass.c_str(),
                m_segmentation->sopInstance.c_str()));
        const auto study = text(m_source.first.dataset(), DCM_StudyInstanceUID);
        const auto series = text(m_source.first.dataset(), DCM_SeriesInstanceUID);
        for (const auto &image : m_source.images()) {
            auto &list = m_shownOn.contains(image.sopInstance) ? m_document.getCurrentRequestedProcedureEvidence()
                                                               : m_document.getPertinentOtherEvidence();
            m_tree.keep(list.addItem(study.c_str(), series.c_str(), image.sopClass.c_str(), image.sopInstance.c_str()));
        }
        m_document.getCodingSchemeIdentification().addItem(privateScheme);
        m_document.getCodingSchemeIdentification().setCodingSchemeName("Consilium angles between landmarks");
    }

    DSRDocument &m_document;
    Tree m_tree;
    const MeasurementReport &m_report;
    const Series &m_series;
    SourceImages &m_source;
    const std::optional<SegmentationReference> &m_segmentation;
    std::set<std::string> m_shownOn;
};

Result<> checkReport(const MeasurementReport &report)
{
    const auto finite = [](double value) { return std::isfinite(value); };
    bool any = !report.angles.empty();
    for (const auto &lesion : report.lesions) {
        any = true;
        if (lesion.trackingId.empty())
            return fail(ErrorCode::Invalid, "A lesion has no name");
        if (!finite(lesion.volume.value_or(0)) || !finite(lesion.longestDiameter.value_or(0)))
            return fail(ErrorCode::Invalid, "A measurement of {} is no number", lesion.trackingId);
        if (lesion.segment > 0 && report.segmentation.empty())
            return fail(ErrorCode::Invalid, "{} is segment {} of a segmentation that is not given", lesion.trackingId,
                        lesion.segment);
    }
    for (const auto &landmark : report.landmarks.points) {
        if (landmark.visibility == Visibility::Absent)
            continue;
        any = true;
        if (landmark.name.empty() || !std::all_of(landmark.position.begin(), landmark.position.end(), finite))
            return fail(ErrorCode::Invalid, "Landmark \"{}\" has no name or no position", landmark.name);
    }
    for (const auto &angle : report.angles) {
        if (angle.name.empty() || angle.name.size() > 16 || !finite(angle.degrees))
            return fail(ErrorCode::Invalid, "Angle \"{}\" needs a name of 16 characters at most and a number",
                        angle.name);
    }
    if (!any)
        return fail(ErrorCode::Invalid, "There is nothing measured to report");
    return {};
}

Result<> checkLandmarksInside(const MeasurementReport &report, const Series &series, const SourceImages &source)
{
    if (source.inPatientSpace && !series.frameOfReferenceUid.empty())
        return {};
    for (const auto &landmark : report.landmarks.points) {
        if (landmark.visibility == Visibility::Absent)
            continue;
        const auto index = series.geometry.toIndex(landmark.position);
        const double slices = static_cast<double>(source.slices.size());
        if (index[0] < -0.5 || index[1] < -0.5 || index[0] > series.geometry.size[0] - 0.5 ||
            index[1] > series.geometry.size[1] - 0.5 || !(index[2] > -0.5 && index[2] < slices - 0.5) ||
            source.slices[static_cast<std::size_t>(std::lround(index[2]))].missing())
            return fail(ErrorCode::Invalid, "Landmark {} lies outside the images of series {}", landmark.name,
                        series.uid);
    }
    return {};
}

Result<std::optional<SegmentationReference>> readReference(const std::filesystem::path &file)
{
    if (file.empty())
        return std::nullopt;
    auto opened = DicomFile::open(file, Depth::Header);
    if (!opened)
        return fail(opened.error());
    auto &dataset = opened->dataset();
    SegmentationReference reference{text(dataset, DCM_SOPClassUID), text(dataset, DCM_SOPInstanceUID),
                                    text(dataset, DCM_SeriesInstanceUID), text(dataset, DCM_StudyInstanceUID)};
    if (reference.sopClass != UID_SegmentationStorage)
        return fail(ErrorCode::Unsupported, "{} is not a DICOM segmentation", file.string());
    return reference;
}

std::string contentOf(const MeasurementReport &report, const std::optional<SegmentationReference> &segmentation)
{
    std::string content = report.description + "\n" + report.observer;
    if (segmentation)
        content += "\n" + segmentation->sopInstance;
    for (const auto &lesion : report.lesions)
        content += fmt::format("\n{}|{}|{}|{}|{}|{}|{}", lesion.trackingId, lesion.trackingUid, lesion.finding.value,
                               lesion.site ? lesion.site->value : "", lesion.segment, lesion.volume.value_or(-1),
                               lesion.longestDiameter.value_or(-1));
    for (const auto &landmark : report.landmarks.points)
        content += fmt::format("\n{}|{}|{}|{}|{}", landmark.name, landmark.position[0], landmark.position[1],
                               landmark.position[2], static_cast<int>(landmark.visibility));
    for (const auto &angle : report.angles)
        content += fmt::format("\n{}|{}", angle.name, angle.degrees);
    return content;
}

} // namespace

Result<> writeMeasurementReport(const std::filesystem::path &file, const MeasurementReport &report,
                                const Series &source)
{
    if (auto checked = checkReport(report); !checked)
        return checked;
    auto images = SourceImages::read(source);
    if (!images)
        return fail(images.error());
    if (auto checked = checkLandmarksInside(report, source, *images); !checked)
        return checked;
    const auto segmentation = readReference(report.segmentation);
    if (!segmentation)
        return fail(segmentation.error());
    DSRDocument document(DSRTypes::DT_Comprehensive3DSR);
    document.setSpecificCharacterSetType(DSRTypes::CS_UTF8);
    ReportBuilder builder(document, report, source, *images, *segmentation);
    if (auto built = builder.build(); !built)
        return built;
    DcmFileFormat object;
    OFCondition status = document.completeDocument();
    if (status.good())
        status = document.write(*object.getDataset());
    if (auto fine = accepted(status, file.string()); !fine)
        return fine;
    if (auto named =
            identify(*object.getDataset(), *images, source,
                     {UID_Comprehensive3DSRStorage, contentOf(report, *segmentation), "SR", report.description, 2000});
        !named)
        return named;
    return saveObject(file, object);
}

} // namespace consilium::imaging::dicom
