// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "viewer/cases/review_case.h"

namespace consilium::viewer {

/// True for a file of points: 3D Slicer Markups (.mrk.json, or .json that says so inside) or CSV.
bool holdsLandmarks(const std::filesystem::path &file);

/// The files of points that lie beside images in a folder, by name: every .mrk.json that no reader saved here
/// (landmarks-READER.mrk.json), and a .csv that is named like one of the images.
std::vector<std::filesystem::path> landmarkFilesBeside(const std::vector<std::filesystem::path> &images);

/// Reads the points that a case.json tells of: {"names", "reference", "predictions": [{"name", "path"}]}. With "names"
/// every set has them in that order, what is missing as absent. Errors: as imaging::readLandmarks, Invalid (a point of
/// another name), Json::exception where the shape is another.
Result<> readCaseLandmarks(ReviewCase &opened, const Json &landmarks, const std::filesystem::path &folder);

/// Reads files of points that were opened beside images: the first is the reference, the others are predictions.
/// Errors: as imaging::readLandmarks.
Result<> addLandmarkFiles(ReviewCase &opened, const std::vector<std::filesystem::path> &files);

} // namespace consilium::viewer
