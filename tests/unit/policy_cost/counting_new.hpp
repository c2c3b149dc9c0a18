#pragma once
// Every operator new of this program is counted.

#include <atomic>
#include <cstddef>

namespace cg::policy::testing {

extern std::atomic<std::size_t> allocations, allocated_bytes;

}  // namespace cg::policy::testing
