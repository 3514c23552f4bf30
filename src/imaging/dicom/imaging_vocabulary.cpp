// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/imaging_vocabulary.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_set>

namespace consilium::imaging::dicom {

namespace {

// Words that are common family or place names as well ("white", "long", "stone", "field") are left out on purpose.
constexpr const char *words =
    // modalities and kinds of image
    "mr mri mra mrv mrs mrcp ct cta ctp cbct pet spect pt nm us cr dx mg xa rf ot sc seg dti dwi adc swi qsm asl "
    "bold "
    "fmri pwi dsc dce tof localizer localiser scout topogram survey scanogram projection radiograph xray mammography "
    "angiography angio arteriography venography perfusion diffusion spectroscopy tractography fluoroscopy ultrasound "
    "tomosynthesis elastography phantom screening routine protocol study series image images scan exam "
    // planes, views and positions
    "ax axial tra trans transverse transversal sag sagittal cor coronal obl oblique para orthogonal ap pa lat lateral "
    "left right bilateral unilateral anterior posterior superior inferior medial mlo cc lao rao decubitus supine prone "
    "erect standing upright flexion extension neutral weightbearing fov plane slab block volume recon reformat mpr mip "
    "minip vr ssd curved radial stack dynamic multiphase sequence single multi full partial whole total half upper "
    "lower "
    "middle thin thick slice slices overview "
    // magnetic resonance
    "t1 t2 t2* t1w t2w pd pdw t1rho t1map t2map r2 r2* flair stir tirm spair spir dixon mdixon wfi ideal lava vibe "
    "thrive fiesta ciss space cube brainview mprage mp2rage spgr fspgr ffe tfe tse fse frfse se gre ge3d "
    "flash haste ssfse trufi truefisp bffe bssfp bTFE epi ir irfse propeller blade multivane radialvibe medic "
    "merge swan venbold venobold susceptibility weighted phase magnitude real imaginary inphase outphase opp inopp "
    "water fat fatsat fs nofs sat suppressed suppression spoiled echo echoes gradient spin turbo fast inversion "
    "recovery saturation isotropic iso aniso b0 b50 bvalue bval bvec trace tracew fa colfa eadc exp tensor dir dirs "
    "directions fieldmap b1map navigator gated gating triggered ecg resp breathhold bh freebreathing grappa sense "
    "caipi "
    "ipat compressed arc asset coil mt mtc ihmt cest t1c t1gd myelin mapping map maps relaxometry 1d 2d 3d "
    "4d "
    // computed tomography, nuclear medicine, radiography
    "hu kernel bone lung soft tissue mediastinum window windows low dose lowdose ldct hrct helical spiral axialct "
    "noncontrast unenhanced enhanced contrast precontrast postcontrast pre post con iv oral gad gado gadolinium "
    "iodine iodinated gadovist dotarem magnevist omniscan prohance multihance gadobutrol gadoterate omnipaque iomeron "
    "ultravist visipaque iohexol iopamidol isovue barium arterial portal venous delayed delay late early nephrographic "
    "equilibrium hepatobiliary excretory native bolus tracking timing smartprep calcium score scoring cardiac systole "
    "diastole inspiration expiration dual energy monoenergetic virtual spectral fdg psma dotatate suv attenuation "
    "corrected ac nac static emission transmission tracer uptake calibrated kub "
    // the body
    "head skull cranial cranium brain cerebrum cerebral cerebellum cerebellar brainstem hippocampus hippocampal "
    "temporal "
    "frontal parietal occipital ventricle ventricles ventricular cortex cortical hemisphere sella pituitary orbit "
    "orbits "
    "face facial sinus sinuses iac temporalbone tmj jaw mandible maxilla dental neck cervical thyroid larynx pharynx "
    "carotid vertebral arteries artery vein veins vessels vascular aorta aortic chest thorax thoracic lungs pulmonary "
    "heart coronary breast breasts axilla rib ribs sternum clavicle shoulder humerus elbow forearm wrist hand finger "
    "thumb spine spinal spinopelvic cspine tspine lspine lumbar lumbosacral sacrum sacral coccyx vertebra vertebrae "
    "disc "
    "scoliosis abdomen abdominal liver hepatic spleen pancreas kidney kidneys renal adrenal gallbladder biliary bile "
    "bowel colon rectum rectal stomach esophagus enterography urography bladder prostate prostatic seminal uterus "
    "ovary ovaries cervix pelvis pelvic hip hips femur femoral thigh knee patella tibia fibula leg ankle foot toe "
    "calcaneus extremity extremities joint cartilage meniscus ligament tendon muscle nerve plexus lymph node nodes "
    "skin "
    "body wholebody runoff peripheral eye eyes ear nose mouth tongue c1 c2 c3 c4 c5 c6 c7 t3 t4 t5 t6 t7 t8 t9 t10 t11 "
    "t12 l1 l2 l3 l4 l5 s1 s2 zone peripheralzone transitionzone gland matter csf ventral dorsal "
    // findings and objects
    "lesion lesions tumor tumour mass cyst nodule nodules metastasis metastases edema oedema necrosis necrotic core "
    "enhancing enhancement plaque stenosis aneurysm stroke hemorrhage haemorrhage infarct ms sclerosis demyelination "
    "fracture implant stent shunt biopsy marker fiducial segment segmentation mask label labels contour contours roi "
    "target background foreground external ptv ctv gtv itv oar couch isocenter dvh setup beam plan boost "
    "phase1 artifact motion noise "
    // processing and neutral values of code strings
    "derived original primary secondary other none unknown yes no standard normal default mixed subtraction subtracted "
    "sub average averaged mean sum difference ratio filtered smoothed smooth registered registration aligned "
    "normalized normalised resampled interpolated reconstructed reconstruction processed fused fusion composed "
    "composing motioncorrected moco dis2d dis3d distortion correction norm nd mfsplit mosaic csa report screen save "
    "secondarycapture parallel converted lossy lossless jpeg anonymized axis base test baseline "
    "followup "
    "follow up with without and w wo off high res resolution quality quick sn om ic "
    // vendors and their product lines
    "siemens healthineers philips ge medical systems toshiba canon hitachi fujifilm fuji agfa carestream hologic kodak "
    "uih shimadzu samsung esaote elscint picker varian elekta bruker mindray neusoft magnetom signa ingenia "
    "achieva intera symphony avanto aera skyra verio somatom aquilion lightspeed discovery revolution "
    "brilliance ingenuity optima biograph gemini";

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    return lower;
}

std::size_t digitsAt(std::string_view text, std::size_t begin)
{
    std::size_t end = begin;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
    return end - begin;
}

/// One to three digits, perhaps a point and one or two more, and a unit at once; or "b" and a b value.
bool isMeasure(std::string_view word)
{
    static const std::unordered_set<std::string_view> units{"mm", "cm", "ms", "s",  "sec", "t",   "kv", "kvp",
                                                            "ma", "hz", "hu", "ml", "mg",  "deg", "mt", "dir"};
    if (word.front() == 'b') {
        const auto digits = digitsAt(word, 1);
        return digits > 0 && digits <= 4 && digits + 1 == word.size() && word.back() == '0';
    }
    auto at = digitsAt(word, 0);
    if (at == 0 || at > 3)
        return false;
    if (at < word.size() && word[at] == '.') {
        const auto decimals = digitsAt(word, at + 1);
        if (decimals == 0 || decimals > 2)
            return false;
        at += 1 + decimals;
    }
    return units.contains(word.substr(at));
}

} // namespace

bool isImagingWord(std::string_view word)
{
    static const auto known = [] {
        std::unordered_set<std::string> set;
        std::istringstream stream{lowered(words)};
        for (std::string one; stream >> one;)
            set.insert(one);
        return set;
    }();
    const auto lower = lowered(word);
    return !lower.empty() && (known.contains(lower) || isMeasure(lower));
}

} // namespace consilium::imaging::dicom
