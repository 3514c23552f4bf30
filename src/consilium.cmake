# SPDX-License-Identifier: GPL-3.0-or-later
# One function per kind of target, one place for warnings.

add_library(consilium_strict INTERFACE)
target_compile_options(consilium_strict INTERFACE -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 warns of overlaps inside std::string that cannot be (its bug 105651), and at -O3 of strings without a value
    # in objects that were just initialised.
    target_compile_options(consilium_strict INTERFACE -Wno-restrict $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
endif()
target_compile_definitions(consilium_strict INTERFACE QT_NO_KEYWORDS QT_NO_FOREACH)
if(CONSILIUM_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()


# consilium_add_library(name SOURCES ... DEPENDS other libraries of ours PACKAGES targets of others, seen by users
#                       PRIVATE_PACKAGES targets of others, not seen by users)
function(consilium_add_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PACKAGES;PRIVATE_PACKAGES" ${ARGN})
    add_library(consilium_${name} STATIC ${arg_SOURCES})
    target_include_directories(consilium_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    list(TRANSFORM arg_DEPENDS PREPEND consilium_)
    target_link_libraries(consilium_${name} PUBLIC ${arg_DEPENDS} ${arg_PACKAGES}
                          PRIVATE ${arg_PRIVATE_PACKAGES} $<BUILD_INTERFACE:consilium_strict>)
endfunction()

# consilium_add_program(name SOURCES ... DEPENDS ... PACKAGES ...): an executable of that name in bin/.
function(consilium_add_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PACKAGES" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    list(TRANSFORM arg_DEPENDS PREPEND consilium_)
    target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_PACKAGES} consilium_strict)
    install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# consilium_add_plugin(name SOURCES ... DEPENDS ... PACKAGES ...): a training task or a strategy that the node loads from
# bin/plugins/<name>/.
function(consilium_add_plugin name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PACKAGES" ${ARGN})
    add_library(${name} MODULE ${arg_SOURCES})
    list(TRANSFORM arg_DEPENDS PREPEND consilium_)
    target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_PACKAGES} consilium_strict)
    set_target_properties(${name} PROPERTIES AUTOMOC ON PREFIX ""
                          LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/plugins/${name})
    configure_file(plugin.json ${CMAKE_BINARY_DIR}/bin/plugins/${name}/plugin.json COPYONLY)
    install(TARGETS ${name} LIBRARY DESTINATION lib/consilium/plugins/${name})
    install(FILES plugin.json DESTINATION lib/consilium/plugins/${name})
endfunction()

# consilium_add_test(tst_thing DEPENDS ... PACKAGES ... [SCREEN] [LONG]): one Qt Test executable from tst_thing.cpp.
# SCREEN: run under a virtual screen. LONG: over a minute, left to `packaging/test.sh -L long`.
function(consilium_add_test name)
    cmake_parse_arguments(arg "SCREEN;LONG" "TIMEOUT" "SOURCES;DEPENDS;PACKAGES;NEEDS" ${ARGN})
    add_executable(${name} ${name}.cpp ${arg_SOURCES})
    list(TRANSFORM arg_DEPENDS PREPEND consilium_)
    target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_PACKAGES} Qt6::Test consilium_strict)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    if(arg_NEEDS)
        add_dependencies(${name} ${arg_NEEDS})
    endif()
    if(arg_SCREEN)
        add_test(NAME ${name} COMMAND xvfb-run -a -s "-screen 0 1600x1000x24" $<TARGET_FILE:${name}>)
    else()
        add_test(NAME ${name} COMMAND ${name})
        set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT QT_QPA_PLATFORM=offscreen)
    endif()
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT
        CONSILIUM_BIN=${CMAKE_BINARY_DIR}/bin
        CONSILIUM_TEST_DATA=$<IF:$<BOOL:$ENV{CONSILIUM_TEST_DATA}>,$ENV{CONSILIUM_TEST_DATA},${PROJECT_SOURCE_DIR}/../shared/data>)
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 180)
    endif()
    if(arg_LONG)
        set_tests_properties(${name} PROPERTIES LABELS long)
        # Qt Test's own watchdog ends a test function after five minutes unless told.
        set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT QTEST_FUNCTION_TIMEOUT=3600000)
        set(arg_TIMEOUT 3600)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()
