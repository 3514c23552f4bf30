// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/confidentiality_profile.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <unordered_map>

namespace consilium::imaging::dicom {

namespace {

using Tag = std::uint32_t; // group << 16 | element

// Table E.1-1, by action, then by group. DA, DT and TM elements stand here only where the option on modified dates
// does not reach them. Groups that go as a whole (0000, 0004, 4000, 4008, 50xx, 60xx, FFFA, FFFC) are in actionFor.

constexpr Tag removed[] = {
    0x00080001, 0x00080051, 0x00080054, 0x00080055, 0x00080081, 0x00080082, 0x00080092, 0x00080094, 0x00080096,
    0x0008009D, 0x00080120, 0x00080201, 0x00080300, 0x00081000, 0x00081040, 0x00081041, 0x00081048, 0x00081049,
    0x00081050, 0x00081052, 0x00081060, 0x00081062, 0x00081072, 0x00081080, 0x00081084, 0x00081088, 0x00081110,
    0x00081111, 0x00081120, 0x00081190, 0x00084000, // identification: physicians, institution, references to the RIS
    0x00100021, 0x00100024, 0x00100026, 0x00100027, 0x00100032, 0x00100033, 0x00100034, 0x00100035, 0x00100050,
    0x00100101, 0x00100102, 0x00101000, 0x00101001, 0x00101002, 0x00101005, 0x00101020, 0x00101021, 0x00101030,
    0x00101040, 0x00101050, 0x00101060, 0x00101080, 0x00101081, 0x00101090, 0x00101100, 0x00102000, 0x00102110,
    0x00102150, 0x00102152, 0x00102154, 0x00102155, 0x00102160, 0x00102180, 0x001021A0, 0x001021B0, 0x001021C0,
    0x001021D0, 0x001021F0, 0x00102294, 0x00102295, 0x00102296, 0x00102297, 0x00102298, 0x00102299,
    0x00104000, // patient
    0x00120022, 0x00120023, 0x00120032, 0x00120041, 0x00120043, 0x00120051, 0x00120055, 0x00120071, 0x00120072,
    0x00120073, 0x00120082, 0x00120083, // clinical trial
    0x0016002B, 0x0016004B, 0x0016004D, 0x0016004E, 0x0016004F, 0x00160050, 0x00160051, 0x00160070, 0x00160071,
    0x00160072, 0x00160073, 0x00160074, 0x00160075, 0x00160076, 0x00160077, 0x00160078, 0x00160079, 0x0016007A,
    0x0016007B, 0x0016007C, 0x0016007D, 0x0016007E, 0x0016007F, 0x00160080, 0x00160081, 0x00160082, 0x00160083,
    0x00160084, 0x00160085, 0x00160086, 0x00160087, 0x00160088, 0x00160089, 0x0016008A, 0x0016008B, 0x0016008C,
    0x0016008D, 0x0016008E, // camera and its position on the globe
    0x00181003, 0x00181004, 0x00181005, 0x00181006, 0x00181007, 0x00181008, 0x00181009, 0x0018100A, 0x00181010,
    0x00181011, 0x00189373, 0x00185011, 0x0018A001, 0x0018A003, // equipment
    0x00200027, 0x00201070, 0x00203401, 0x00203406,             // relationship
    0x00320012, 0x00321020, 0x00321021, 0x00321030, 0x00321032, 0x00321033, 0x00321034, 0x00321066, 0x00321067,
    0x00324000, // study
    0x00340001, // flow identifiers of real-time video
    0x00380004, 0x00380010, 0x00380011, 0x00380014, 0x0038001E, 0x00380040, 0x00380050, 0x00380060, 0x00380061,
    0x00380062, 0x00380064, 0x00380300, 0x00380400, 0x00380500, 0x00380502, 0x00384000, // visit
    0x00400001, 0x00400006, 0x00400007, 0x00400009, 0x0040000B, 0x00400010, 0x00400011, 0x00400012, 0x00400026,
    0x00400027, 0x00400031, 0x00400032, 0x00400033, 0x00400035, 0x00400036, 0x00400039, 0x0040003A, 0x00400241,
    0x00400242, 0x00400243, 0x00400253, 0x00400275, 0x00400280, 0x00400310, 0x0040050A, 0x0040051A, 0x004006FA,
    0x00401001, 0x00401002, 0x00401004, 0x00401005, 0x0040100A, 0x00401010, 0x00401011, 0x00401101, 0x00401102,
    0x00401103, 0x00401104, 0x00401400, 0x00402001, 0x00402008, 0x00402009, 0x00402010, 0x00402011, 0x00402400,
    0x00403001, 0x00404025, 0x00404027, 0x00404028, 0x00404030, 0x00404034, 0x00404035, 0x00404036, 0x00404037,
    0x0040A073, 0x0040A078, 0x0040A07A, 0x0040A07C, 0x0040A307, 0x0040A352, 0x0040A353, 0x0040A354, 0x0040A358,
    0x0040A730, 0x0040DB06, 0x0040DB07,             // procedure steps, requests, document observers
    0x00420011, 0x0050001B, 0x00500020, 0x00500021, // encapsulated document, devices
    0x00700001, 0x00700086, 0x00741234, 0x00741236, // annotations drawn on the image, work items
    0x00880130, 0x00880200, 0x00880904, 0x00880906, 0x00880910, 0x00880912, // storage, icon image
    0x01000424, 0x04000115, 0x04000310, 0x04000402, 0x04000403, 0x04000404, 0x04000500, 0x04000550, 0x04000551,
    0x04000552, 0x04000561, 0x04000563, 0x04000564, 0x04000565, 0x04000600, 0x4FFE0001, // signatures, encryption
    0x0072005E, 0x00720065, 0x0072006D, 0x00720071,                                     // hanging protocols
    0x20300020, 0x21000070, 0x21000140, 0x22000002, 0x22000005,                         // printing, media
    0x30020121, 0x30020123, 0x3006004D, 0x3006004E, 0x300A0216, 0x300A0792, 0x300A0794, 0x300A078E, 0x30100036,
    0x30100081, // radiotherapy
};

constexpr Tag emptied[] = {
    0x00080050, 0x00080080, 0x00080090, 0x0008009C, 0x00081010, 0x00081070, 0x00100030, 0x00100040,
    0x00102203, 0x00120021, 0x00120030, 0x00120031, 0x00120050, 0x00120060, 0x00200010, 0x00400513,
    0x00400555, 0x00400562, 0x00400610, 0x00402016, 0x00402017, 0x0040A088, 0x00700084, 0x300600A6,
    0x30080105, 0x300A00B2, 0x300A0611, 0x300A0615, 0x300E0008, 0x3010001B, 0x30100043,
};

constexpr Tag dummied[] = {
    0x00120010, 0x00120020, 0x00120040, 0x00120042, 0x00120081, 0x00181000, 0x0018700A, 0x00189367, 0x00189371,
    0x00340002, 0x00340005, 0x00400512, 0x00400551, 0x0040A027, 0x0040A075, 0x0040A123, 0x0072005F, 0x00720061,
    0x00720063, 0x00720066, 0x00720068, 0x0072006A, 0x0072006B, 0x0072006C, 0x0072006E, 0x00720070, 0x3010002D,
};

constexpr Tag cleanedOrRemoved[] = {
    0x00081030, 0x0008103E, 0x00082111, 0x00184000, 0x0018937B, 0x0018937F, 0x00189185, 0x00189424, 0x00189937,
    0x00204000, 0x00209158, 0x00284000, 0x00321070, 0x003A0329, 0x003A032B, 0x00400254, 0x00400600, 0x00400602,
    0x006A0006, 0x30060004, 0x30060006, 0x30060028, 0x30060038, 0x30060085, 0x30060088, 0x300A0003, 0x300A0004,
    0x300A000B, 0x300A000E, 0x300A0016, 0x300A0072, 0x300A00C3, 0x300A00DD, 0x300A0196, 0x300A01A6, 0x300A01B2,
    0x300A02EB, 0x300A0676, 0x300A079A, 0x300C0113, 0x30100037, 0x30100061,
};

constexpr Tag cleanedOrEmptied[] = {
    0x00201040, 0x00321060, 0x30060026, 0x300A067D, 0x3010000F, 0x30100017,
    0x3010005A, 0x3010005C, 0x3010007A, 0x3010007B, 0x3010007F,
};

// The class of an object, a coding scheme and its resources: UIDs that name kinds, not instances.
constexpr Tag keptUids[] = {0x00080016, 0x0008001A, 0x0008001B, 0x00080062, 0x0008010C, 0x0008010D,
                            0x00080117, 0x00080118, 0x00081150, 0x0008115A, 0x00083002};

// Text that names equipment, techniques, units and labels of the format's own structure.
constexpr Tag plainText[] = {
    0x00080070, 0x00081090, 0x00080100, 0x00080102, 0x00080103, 0x00080104, 0x00080115, 0x00080119,
    0x00080122, 0x00181016, 0x00181018, 0x00181019, 0x00181020, 0x00180024, 0x00180085, 0x00181160,
    0x00181210, 0x00181250, 0x00181251, 0x00189005, 0x00189041, 0x00189047, 0x00189050, 0x00181401,
    0x00209056, 0x00209421, 0x00281054, 0x00281055, 0x00283003, 0x00541101, 0x00541103, 0x00541105,
    0x00620009, 0x00660031, 0x00660036, 0x003A0203, 0x0018702B,
};

constexpr Tag imageBytes[] = {
    0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010, // pixels and where their frames begin
    0x00281101, 0x00281102, 0x00281103, 0x00281201, 0x00281202, 0x00281203, 0x00281204,
    0x00281221, 0x00281222, 0x00281223, 0x00282000, 0x00283002, 0x00283006, // palettes, colour profile, look-up tables
    0x54001010, 0x56000010, 0x56000020,                                     // waveforms, spectra
    0x00660016, 0x00660021, 0x00660023, 0x00660024, 0x00660025, 0x00660029, 0x00660040,
    0x00660041, 0x00660042, 0x00660043, 0x00660129, 0x00640009, // surfaces, deformation grids
};

using Table = std::unordered_map<Tag, Action>;

Table makeTable()
{
    Table table;
    const auto set = [&](std::span<const Tag> tags, Action action) {
        for (const auto tag : tags)
            table[tag] = action;
    };
    set(plainText, Action::Plain);
    set(imageBytes, Action::Keep);
    set(keptUids, Action::Code);
    set(cleanedOrRemoved, Action::Clean);
    set(cleanedOrEmptied, Action::CleanOrEmpty);
    set(dummied, Action::Dummy);
    set(emptied, Action::Empty);
    set(removed, Action::Remove);
    table[0x00080005] = Action::Keep;         // the character set: "GB18030" is no postal code
    table[0x00120063] = Action::Keep;         // the method of de-identification, written anew
    table[0x00700080] = Action::CleanOrDummy; // a label that people write, though a code string by its VR
    table[0x00100010] = table[0x00100020] = Action::Pseudonym;
    return table;
}

Action actionForVr(DcmEVR vr)
{
    switch (vr) {
    case EVR_PN: return Action::Empty;
    case EVR_DA:
    case EVR_DT: return Action::Date;
    case EVR_TM: return Action::Time;
    case EVR_AS: return Action::Age;
    case EVR_UI: return Action::Uid;
    case EVR_CS: return Action::Code;
    case EVR_IS:
    case EVR_DS: return Action::Number;
    case EVR_LO:
    case EVR_SH:
    case EVR_ST:
    case EVR_LT:
    case EVR_UT:
    case EVR_UC: return Action::CleanOrDummy;
    case EVR_SQ: return Action::Recurse;
    case EVR_US:
    case EVR_SS:
    case EVR_xs:
    case EVR_UL:
    case EVR_SL:
    case EVR_UV:
    case EVR_SV:
    case EVR_FL:
    case EVR_FD:
    case EVR_AT:
    case EVR_up: return Action::Keep;
    default: // AE and UR name places on a network; OB, OW, UN and their like can hold anything
        return Action::Remove;
    }
}

bool goesAsAWhole(Tag tag)
{
    const auto group = tag >> 16;
    return (tag & 0xFFFF) == 0 // a group's length, wrong after this
           || group < 0x0008 || group == 0x4000 || group == 0x4008 || (group & 0xFF00) == 0x5000 ||
           (group & 0xFF00) == 0x6000 || group >= 0xFFFA;
}

struct SafePrivate
{
    std::string_view creator;
    std::uint16_t group, element;
};

constexpr SafePrivate safePrivates[] = {
    // mosaic size, slice duration, b value, directionality, gradient direction, table and slice position, dwell time,
    // b matrix, bandwidth in phase direction, slice times
    {"SIEMENS MR HEADER", 0x0019, 0x0A},
    {"SIEMENS MR HEADER", 0x0019, 0x0B},
    {"SIEMENS MR HEADER", 0x0019, 0x0C},
    {"SIEMENS MR HEADER", 0x0019, 0x0D},
    {"SIEMENS MR HEADER", 0x0019, 0x0E},
    {"SIEMENS MR HEADER", 0x0019, 0x13},
    {"SIEMENS MR HEADER", 0x0019, 0x14},
    {"SIEMENS MR HEADER", 0x0019, 0x15},
    {"SIEMENS MR HEADER", 0x0019, 0x18},
    {"SIEMENS MR HEADER", 0x0019, 0x27},
    {"SIEMENS MR HEADER", 0x0019, 0x28},
    {"SIEMENS MR HEADER", 0x0019, 0x29},
    // table speed, mid scan time, rotation period, diffusion direction, b value, pitch, detector rows
    {"GEMS_ACQU_01", 0x0019, 0x23},
    {"GEMS_ACQU_01", 0x0019, 0x24},
    {"GEMS_ACQU_01", 0x0019, 0x27},
    {"GEMS_ACQU_01", 0x0019, 0xBB},
    {"GEMS_ACQU_01", 0x0019, 0xBC},
    {"GEMS_ACQU_01", 0x0019, 0xBD},
    {"GEMS_PARM_01", 0x0043, 0x27},
    {"GEMS_PARM_01", 0x0043, 0x39},
    {"GEMS_HELIOS_01", 0x0045, 0x01},
    {"GEMS_HELIOS_01", 0x0045, 0x02},
    // b value, diffusion direction in words and as a vector, scale intercept and slope, SUV and activity factors
    {"Philips Imaging DD 001", 0x2001, 0x03},
    {"Philips Imaging DD 001", 0x2001, 0x04},
    {"Philips MR Imaging DD 001", 0x2005, 0x0D},
    {"Philips MR Imaging DD 001", 0x2005, 0x0E},
    {"Philips MR Imaging DD 001", 0x2005, 0xB0},
    {"Philips MR Imaging DD 001", 0x2005, 0xB1},
    {"Philips MR Imaging DD 001", 0x2005, 0xB2},
    {"Philips PET Private Group", 0x7053, 0x00},
    {"Philips PET Private Group", 0x7053, 0x09},
    // dose length product, table velocity, pitch, rotation time
    {"ELSCINT1", 0x00E1, 0x21},
    {"ELSCINT1", 0x01F1, 0x07},
    {"ELSCINT1", 0x01F1, 0x26},
    {"ELSCINT1", 0x01F1, 0x27},
    // United Imaging: b value, gradient direction
    {"Image Private Header", 0x0065, 0x09},
    {"Image Private Header", 0x0065, 0x37},
};

bool sameLetters(std::string_view left, std::string_view right)
{
    const auto lower = [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    };
    return std::ranges::equal(left, right, {}, lower, lower);
}

} // namespace

Action actionFor(const DcmTagKey &tag, DcmEVR vr)
{
    static const Table table = makeTable();
    const Tag number = static_cast<Tag>(tag.getGroup()) << 16 | tag.getElement();
    if (goesAsAWhole(number))
        return Action::Remove;
    const auto byVr = actionForVr(vr);
    const auto found = table.find(number);
    if (found == table.end())
        return byVr;
    const auto action = found->second;
    // A sequence or bytes cannot be cleaned as text: the item by item rule, or none.
    const bool isText = byVr != Action::Recurse && byVr != Action::Keep && byVr != Action::Remove;
    if (action == Action::Keep && byVr == Action::Remove)
        return vr == EVR_UN || vr == EVR_UNKNOWN || vr == EVR_UNKNOWN2B ? Action::Remove : Action::Keep;
    if (action == Action::Remove || action == Action::Empty || isText)
        return action;
    return byVr;
}

bool isSafePrivate(std::string_view creator, const DcmTagKey &tag)
{
    return std::ranges::any_of(safePrivates, [&](const SafePrivate &safe) {
        return safe.group == tag.getGroup() && safe.element == (tag.getElement() & 0xFF) &&
               sameLetters(safe.creator, creator);
    });
}

} // namespace consilium::imaging::dicom
