#include "gateway/app/private_memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace cg::app {

auto keep_memory_private() noexcept -> bool {
    const rlimit none{0, 0};
    const bool no_dumps = ::setrlimit(RLIMIT_CORE, &none) == 0;
    return ::prctl(PR_SET_DUMPABLE, 0) == 0 && no_dumps;
}

}  // namespace cg::app
