#pragma once
/// The directory folder, and the sequence numbers that may not go back, which are kept beside the ledger.

#include "certs/directory.hpp"
#include "config/schema.hpp"

#include <memory>

namespace cg::app {

/// Reads every `*.json` of the folder as a descriptor. One that is refused is left out and told to the operational log; the
/// marks of those accepted are kept in the data folder, so that an older descriptor is refused after a restart too.
///
/// Durable   the marks, when it returns
/// Errors    unavailable (folder or marks cannot be read or written), corrupt (the marks file is not ours)
[[nodiscard]] auto load_directory(const config::Config& config, const crypto::VerifyKey& registrar, Instant now)
    -> Result<std::shared_ptr<const certs::Directory>>;

}  // namespace cg::app
