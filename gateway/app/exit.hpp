#pragma once
/// What the program's exit status tells: the numbers of sysexits(3), and 1 for a "no" that is not a fault.

#include "gateway/base/result.hpp"

namespace cg::app {

enum Exit : int {
    exit_ok = 0,
    exit_no = 1,              ///< a decision that is not PERMIT for everybody, or a check that found something
    exit_usage = 64,          ///< the command line is wrong
    exit_bad_input = 65,      ///< a file, a message or a setting is wrong: the text lists all that is
    exit_unreachable = 69,    ///< the gateway, a disk or the network does not answer: try again
    exit_internal = 70,       ///< a fault of ours, or stored state that contradicts itself
    exit_not_permitted = 77,  ///< understood, and not for you: certificate, passphrase or right
};

[[nodiscard]] auto exit_of(Errc code) noexcept -> int;

/// The table as --help and the manual print it.
inline constexpr const char* exit_help =
    "Exit status\n"
    "  0   done, and the answer is yes\n"
    "  1   done, and the answer is no: not everybody may have it, or verification found something\n"
    "  64  the command line is wrong        65  a file or a message is wrong\n"
    "  69  the gateway does not answer      70  a fault of the program or its store\n"
    "  77  not permitted (certificate, passphrase or right)";

}  // namespace cg::app
