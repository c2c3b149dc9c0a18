#include "counting_new.hpp"

#include <cstdlib>
#include <new>

namespace cg::policy::testing {

std::atomic<std::size_t> allocations{0}, allocated_bytes{0};

}  // namespace cg::policy::testing

void* operator new(std::size_t size) {
    cg::policy::testing::allocations.fetch_add(1, std::memory_order_relaxed);
    cg::policy::testing::allocated_bytes.fetch_add(size, std::memory_order_relaxed);
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
