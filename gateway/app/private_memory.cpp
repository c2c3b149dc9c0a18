#include "gateway/app/private_memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace cg::app {

auto keep_memory_private() noexcept -> bool {
    const rlimit none{0, 0};
    const bool no_dumps = ::setrlimit(RLIMIT_CORE, &none) == 0;
#ifdef __SANITIZE_ADDRESS__
    return no_dumps;  // the leak checker looks in from another process
#else
    return ::prctl(PR_SET_DUMPABLE, 0) == 0 && no_dumps;
#endif
}

}  // namespace cg::app
