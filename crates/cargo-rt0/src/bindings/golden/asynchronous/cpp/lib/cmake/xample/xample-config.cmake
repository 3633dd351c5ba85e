# The target xample::xample: the headers, and the library. Written by cargo rt0 bindings.
#
# The library is looked for in this package, then where X_LIBRARY says (a variable of CMake's or of the
# environment), then as the system does.
if(TARGET xample::xample)
    return()
endif()

get_filename_component(_xample_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

set(_xample_file "${_xample_root}/lib/libxample.so")
if(EXISTS "${_xample_file}")
    # It is in the package.
elseif(X_LIBRARY)
    set(_xample_file "${X_LIBRARY}")
elseif(DEFINED ENV{X_LIBRARY})
    set(_xample_file "$ENV{X_LIBRARY}")
else()
    find_library(X_LIBRARY NAMES xample)
    set(_xample_file "${X_LIBRARY}")
endif()

if(NOT EXISTS "${_xample_file}")
    message(FATAL_ERROR "xample: there is no library in ${_xample_root}/lib, and the system has no "
        "xample. Set X_LIBRARY to the library's file, or put the file there.")
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

add_library(xample::xample INTERFACE IMPORTED GLOBAL)
set_target_properties(xample::xample PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${_xample_root}/include"
    INTERFACE_COMPILE_FEATURES cxx_std_17
    INTERFACE_LINK_LIBRARIES "${_xample_file};Threads::Threads")

unset(_xample_file)
unset(_xample_root)
