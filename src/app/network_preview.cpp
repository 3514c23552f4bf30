// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/network_preview.h"

#include "core/json.h"
#include "imaging/nifti.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace consilium::app {

namespace fs = std::filesystem;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(consilium::app::NetworkPreview)
};

QString text(const std::string &bytes)
{
    return QString::fromStdString(bytes);
}

Result<PreviewImage> imageOf(const fs::path &folder, const Json &said)
{
    PreviewImage image;
    image.name = text(said.at("name").get<std::string>());
    const auto &range = said.at("range");
    image.range = {range.at("minimum").get<float>(), range.at("maximum").get<float>(),
                   range.at("percentile0.5").get<float>(), range.at("percentile99.5").get<float>()};
    image.mean = said.at("mean").get<double>();
    image.standardDeviation = said.at("standardDeviation").get<double>();
    image.placed = said.value("placed", true);
    auto volume = imaging::readNifti(folder / said.at("file").get<std::string>());
    if (!volume)
        return fail(volume.error());
    const auto zeros = std::ranges::count(volume->values, 0.0f);
    image.mostlyZero = 4 * zeros > std::ssize(volume->values);
    image.volume = std::make_shared<const imaging::Volume>(std::move(*volume));
    return image;
}

/// Which input an image belongs to: the tensor, or a patch.
PreviewInput &inputOf(NetworkPreview &preview, const Json &said)
{
    const auto patch = said.value("patch", 0);
    if (patch == 0)
        return preview.tensor;
    return preview.patches.at(static_cast<std::size_t>(patch) - 1).input;
}

Result<> addImage(NetworkPreview &preview, const fs::path &folder, const Json &said)
{
    const auto role = said.at("role").get<std::string>();
    const auto file = folder / said.at("file").get<std::string>();
    if (role == "source" || role == "tensor") {
        auto image = imageOf(folder, said);
        if (!image)
            return fail(image.error());
        auto &list = role == "source" ? preview.sources : inputOf(preview, said).channels;
        list.push_back(std::move(*image));
    } else if (role == "labels") {
        auto labels = imaging::readLabels(file);
        if (!labels)
            return fail(labels.error());
        inputOf(preview, said).labels = std::make_shared<const imaging::LabelMap>(std::move(*labels));
    } else if (role == "landmarks") {
        auto landmarks = imaging::readLandmarks(file);
        if (!landmarks)
            return fail(landmarks.error());
        inputOf(preview, said).landmarks = std::move(*landmarks);
    }
    return {};
}

PreviewPatch patchOf(const Json &said)
{
    PreviewPatch patch;
    patch.start = said.at("start").get<imaging::Index3>();
    patch.turned = said.at("turned").get<double>();
    patch.enlarged = said.at("enlarged").get<imaging::Vec3>();
    patch.mirrored = said.at("mirrored").get<std::array<bool, 3>>();
    patch.moved = said.at("moved").get<bool>();
    patch.deformed = said.at("deformed").get<bool>();
    const auto &place = said.at("place");
    auto &grid = patch.place;
    grid.size = place.at("dimensions").get<imaging::Index3>();
    grid.spacing = place.at("spacing").get<imaging::Vec3>();
    grid.origin = place.at("origin").get<imaging::Vec3>();
    grid.direction = place.at("direction").get<imaging::Matrix3>();
    return patch;
}

} // namespace

Result<NetworkPreview> readPreview(const fs::path &folder)
{
    const auto json = readJson(folder / "preview.json");
    if (!json)
        return fail(json.error());
    try {
        NetworkPreview preview;
        preview.caseId = text(json->at("case").get<std::string>());
        preview.task = text(json->at("task").get<std::string>());
        preview.isFlat = json->at("kind") == "landmark-localisation";
        for (const auto &name : json->at("channels"))
            preview.channels << text(name.get<std::string>());
        for (const auto &name : json->at("labels"))
            preview.labels << text(name.get<std::string>());
        for (const auto &name : json->at("normalisation"))
            preview.normalisation.push_back(text(name.get<std::string>()));
        for (const auto &said : json->at("patches"))
            preview.patches.push_back(patchOf(said));
        for (const auto &said : json->at("images"))
            if (auto added = addImage(preview, folder, said); !added)
                return fail(added.error());
        const auto complete = [&](const PreviewInput &input) {
            return static_cast<qsizetype>(input.channels.size()) == preview.channels.size();
        };
        if (preview.sources.size() != preview.tensor.channels.size() || !complete(preview.tensor) ||
            !std::ranges::all_of(preview.patches, complete, &PreviewPatch::input))
            return fail(ErrorCode::Malformed, "{} does not list an image for each channel",
                        (folder / "preview.json").string());
        return preview;
    } catch (const std::exception &error) { // of nlohmann: a key missing, or of another type; of a patch's number
        return fail(ErrorCode::Malformed, "{}: {}", (folder / "preview.json").string(), error.what());
    }
}

QString movedWords(const PreviewPatch &patch)
{
    const QLocale locale;
    QStringList words;
    if (patch.turned > 0.05)
        words << Words::tr("turned by %1°").arg(locale.toString(patch.turned, 'f', 0));
    // Axes that keep their length stand for none of the change.
    double factor = 1;
    for (const double one : patch.enlarged)
        factor = std::abs(one - 1) > std::abs(factor - 1) ? one : factor;
    if (std::abs(factor - 1) > 0.005)
        words << (factor > 1 ? Words::tr("magnified %1 times") : Words::tr("shrunk to %1"))
                     .arg(locale.toString(factor, 'f', 2));
    const QString mirrored[] = {Words::tr("mirrored left to right"), Words::tr("mirrored front to back"),
                                Words::tr("mirrored head to foot")};
    for (std::size_t axis = 0; axis < 3; ++axis)
        if (patch.mirrored[axis])
            words << mirrored[axis];
    if (patch.deformed)
        words << Words::tr("bent");
    if (words.isEmpty())
        return patch.moved ? Words::tr("shifted") : Words::tr("in its place");
    return words.join(QStringLiteral(", "));
}

bool reachesBeyond(const PreviewPatch &patch, const PreviewInput &tensor)
{
    const auto &size = patch.input.channels.front().volume->geometry.size;
    const auto &whole = tensor.channels.front().volume->geometry.size;
    for (std::size_t axis = 0; axis < 3; ++axis)
        if (patch.start[axis] < 0 || patch.start[axis] + size[axis] > whole[axis])
            return true;
    return false;
}

QString imageWords(const PreviewImage &image)
{
    const QLocale locale;
    const auto number = [&locale](double value) {
        const int decimals = std::abs(value) >= 100 ? 0 : 2;
        // No "-0.00".
        const double unit = decimals == 0 ? 1 : 100;
        return locale.toString(std::round(value * unit) / unit + 0.0, 'f', decimals);
    };
    const auto &grid = image.volume->geometry;
    const bool flat = grid.size[2] == 1;
    auto size = QStringLiteral("%1 × %2").arg(grid.size[0]).arg(grid.size[1]);
    auto spacing =
        locale.toString(grid.spacing[0], 'g', 3) + QStringLiteral(" × ") + locale.toString(grid.spacing[1], 'g', 3);
    if (!flat) {
        size += QStringLiteral(" × %1").arg(grid.size[2]);
        spacing += QStringLiteral(" × ") + locale.toString(grid.spacing[2], 'g', 3);
    }
    return Words::tr("%1 %2 of %3 mm\nvalues %4 to %5, mean %6, standard deviation %7")
        .arg(size, flat ? Words::tr("pixels") : Words::tr("voxels"), spacing, number(image.range.minimum),
             number(image.range.maximum), number(image.mean), number(image.standardDeviation));
}

QString normalisationWords(const QString &scheme, bool ofTissue)
{
    if (scheme == QLatin1String("zscore"))
        return ofTissue
                   ? Words::tr("mean taken off, divided by the standard deviation, both of the voxels that are not 0")
                   : Words::tr("mean taken off, divided by the standard deviation");
    if (scheme == QLatin1String("ct"))
        return Words::tr("clipped and scaled by the study's intensities");
    if (scheme == QLatin1String("rescale"))
        return Words::tr("scaled to 0 to 1");
    return Words::tr("values as they are");
}

} // namespace consilium::app
