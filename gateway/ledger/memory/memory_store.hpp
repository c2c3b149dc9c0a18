#pragma once
/// A store in memory, for tests and for work without a disk. Durable as long as the object lives.

#include "gateway/ledger/store.hpp"

#include <memory>

namespace cg::ledger {

[[nodiscard]] auto make_memory_store() -> std::unique_ptr<Store>;

}  // namespace cg::ledger
