#pragma once
/// toml++, the way we use it: no exceptions, and no assumption about input that the library itself goes on to check.
///
/// toml++ 3.3 states such assumptions as assertions, which an optimised build turns into "cannot happen": a table header with
/// a stray character would then be undefined behaviour instead of the error that the next lines of the parser report.

#define TOML_EXCEPTIONS 0
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>(0)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
