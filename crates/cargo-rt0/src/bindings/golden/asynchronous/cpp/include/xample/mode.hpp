// How errors come out: the choice, and what all files need for it. Written by cargo rt0 bindings.
#ifndef XAMPLE_MODE_HPP
#define XAMPLE_MODE_HPP

#if !defined(XAMPLE_NO_EXCEPTIONS) && !defined(__cpp_exceptions)
#define XAMPLE_NO_EXCEPTIONS
#endif

// Each choice has a namespace of its own inside xample, so that a program may hold files of both kinds.
#if defined(XAMPLE_NO_EXCEPTIONS)
#define XAMPLE_MODE returning
#else
#define XAMPLE_MODE throwing
#endif

#endif
