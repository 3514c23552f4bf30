# SPDX-License-Identifier: GPL-3.0-or-later
# Every outside package, found once. packaging/dependencies.txt says which Debian package brings it.

find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(Boost REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Charts OpenGL Network OpenGLWidgets Svg Sql Test LinguistTools)
find_package(DCMTK REQUIRED)
# OpenJPEG's own CMake file asks for programs that distributions package apart.
find_package(PkgConfig REQUIRED)
pkg_check_modules(OPENJPEG REQUIRED IMPORTED_TARGET libopenjp2)
pkg_check_modules(CHARLS REQUIRED IMPORTED_TARGET charls)
find_package(ITK REQUIRED COMPONENTS ITKCommon ITKIONIFTI ITKIONRRD ITKIOMeta ITKIOPNG ITKIOTIFF ITKTransform
             ITKStatistics ITKSmoothing ITKMetricsv4 ITKOptimizersv4 ITKBiasCorrection)
find_package(VTK 9 REQUIRED COMPONENTS CommonCore CommonDataModel CommonExecutionModel FiltersCore FiltersGeneral
             FiltersSources RenderingCore RenderingOpenGL2 RenderingVolume RenderingVolumeOpenGL2)

# LibTorch's own file would add its flags to every target through a global; what a target needs comes with it instead.
set(consilium_flags "${CMAKE_CXX_FLAGS}")
find_package(Torch REQUIRED)
set(CMAKE_CXX_FLAGS "${consilium_flags}")
