// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to this folder: what includes it pays for ITK's headers.

#include "imaging/volume.h"

#include <algorithm>
#include <itkImage.h>

namespace consilium::imaging {

template <typename Pixel>
void setGeometry(itk::Image<Pixel, 3> &image, const Geometry &geometry)
{
    typename itk::Image<Pixel, 3>::SizeType size;
    typename itk::Image<Pixel, 3>::DirectionType direction;
    for (unsigned r = 0; r < 3; ++r) {
        size[r] = static_cast<itk::SizeValueType>(geometry.size[r]);
        for (unsigned c = 0; c < 3; ++c)
            direction[r][c] = geometry.direction[r][c];
    }
    image.SetRegions(size);
    image.SetSpacing(geometry.spacing.data());
    image.SetOrigin(geometry.origin.data());
    image.SetDirection(direction);
}

/// The voxels seen as an ITK image, in place: both count in LPS with i fastest. The voxels must outlive it, and only
/// filters that leave their input alone may see it.
template <typename Pixel>
typename itk::Image<Pixel, 3>::Pointer asItkImage(const Geometry &geometry, const std::vector<Pixel> &values)
{
    auto image = itk::Image<Pixel, 3>::New();
    setGeometry(*image, geometry);
    image->GetPixelContainer()->SetImportPointer(const_cast<Pixel *>(values.data()), values.size(), false);
    return image;
}

inline itk::Image<float, 3>::Pointer asItkImage(const Volume &volume)
{
    return asItkImage(volume.geometry, volume.values);
}

} // namespace consilium::imaging
