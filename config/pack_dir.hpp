#pragma once
/// Reads a policy pack's folder. What is in the files is policy/'s business.

#include "gateway/base/result.hpp"
#include "policy/pack_trust.hpp"

#include <filesystem>

namespace cg::config {

/// Reads what is, or was meant to be, a `*.toml` of a folder and of the folders in it, but for hidden files, copies that
/// editors keep, and `signatures/`. What is no file of a pack is for the loader to say.
///
/// Bounds    1 MiB a file, 16 MiB and 1 000 files in all
/// Errors    not_found    no such folder, or no pack.toml in it
///           too_large, unavailable  with each file by name: too large; a folder, a broken link, or not to be read
[[nodiscard]] auto read_pack_dir(const std::filesystem::path& folder) -> Result<policy::PackFiles>;

/// A pack's files, and the signatures beside them.
struct SignedPack {
    policy::PackFiles files;
    policy::SignatureFiles signatures;  ///< `signatures/ig-lead.jws` to its text
};
/// The same, with `signatures/*.jws`: at most 64, of 64 KiB each.
[[nodiscard]] auto read_signed_pack(const std::filesystem::path& folder) -> Result<SignedPack>;

}  // namespace cg::config
