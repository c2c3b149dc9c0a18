#pragma once
/// What has the shape of an identifier, whoever it belongs to. For policy/ only.
///
/// Masked on shape, never on a checksum: a mistyped number still points at somebody. The fixed patterns are RE2's, compiled
/// once: linear in the text whatever it holds, and the same on every architecture (Hyperscan is x86 only; one after the other
/// over 13 KB RE2 needs 0.15 ms, Hyperscan with start offsets 0.08 ms: no difference that counts).

#include "gateway/base/time.hpp"
#include "policy/gazetteer.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <vector>

namespace cg::policy {

struct FoldedText;

/// Numbers, addresses, codes.
void find_patterns(const FoldedText& text, const ScrubRules& rules, std::vector<ScrubSpan>& spans);

/// Numbers in words: "oh double seven, oh oh nine". Short ones are spans without a token.
void find_spoken_numbers(const FoldedText& text, std::vector<ScrubSpan>& spans);

/// Tokens of days and ages are made for each text: kept here while spans point at them.
class TokenStore {
public:
    auto keep(std::string token) -> std::string_view;

private:
    std::vector<std::unique_ptr<std::string>> tokens_;
};

struct DateContext {
    Date day_zero;
    const std::vector<Gazetteer::BirthDate>& births;
    const ScrubRules& rules;
};
/// Dates and weekdays become days before or after day zero, or the age band of whoever was born then; ages become bands.
void find_dates(const FoldedText& text, const DateContext& context, TokenStore& tokens, std::vector<ScrubSpan>& spans);

/// What is left and may identify: adds spans without a token; `kind` says why.
struct LeftoverContext {
    const ScrubRules& rules;
    const NearNames& near;
    const std::vector<ScrubSpan>& masked;
};
void find_leftovers(const FoldedText& text, const LeftoverContext& context, std::vector<ScrubSpan>& leftovers);

/// Is a byte of the original inside one of the spans, which are sorted and apart?
[[nodiscard]] auto is_masked(const std::vector<ScrubSpan>& spans, std::uint32_t begin, std::uint32_t end) -> bool;

}  // namespace cg::policy
