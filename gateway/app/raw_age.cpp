#include "gateway/app/raw_age.hpp"

#include "config/secrets.hpp"
#include "gateway/app/files.hpp"

#include <cstring>

namespace cg::app {
namespace {

/// What was read to look at the beginning, and then the rest.
class Replay {
public:
    Replay(ByteView first, crypto::ByteSource rest) : first_(first), rest_(std::move(rest)) {}
    auto source() -> crypto::ByteSource {
        return [this](std::span<std::uint8_t> into) -> Result<std::size_t> {
            if (first_.empty()) return rest_(into);
            const auto count = std::min(first_.size(), into.size());
            std::memcpy(into.data(), first_.data(), count);
            first_ = first_.subspan(count);
            return count;
        };
    }

private:
    ByteView first_;
    crypto::ByteSource rest_;
};

auto pointers(std::span<const crypto::AgeIdentity> identities) -> std::vector<const crypto::AgeIdentity*> {
    std::vector<const crypto::AgeIdentity*> out;
    for (const auto& identity : identities) out.push_back(&identity);
    return out;
}

/// The first bytes tell binary from armored: white space may stand before the armor.
auto peek(Input& input) -> Result<Bytes> {
    const auto read = input.source();
    Bytes first(512);
    std::size_t size = 0;
    while (size < first.size()) {
        CG_TRY(const auto got, read(std::span{first}.subspan(size)));
        if (got == 0) break;
        size += got;
    }
    first.resize(size);
    return first;
}

auto open_armored(ByteView first, Input& input, Output& output, std::span<const crypto::AgeIdentity* const> keys)
    -> Result<> {
    CG_TRY(const auto rest, input.read_all(max_armored_bytes));
    std::string text{view_text(first)};
    text += rest.reveal_text();
    CG_TRY(const auto sealed, crypto::age_dearmor(text));
    CG_TRY(const auto plain, crypto::age_open(sealed, keys));
    return output.write(plain.reveal());
}

}  // namespace

auto open_age(const std::string& from, const std::string& to, std::span<const crypto::AgeIdentity> identities)
    -> Result<> {
    CG_TRY(auto input, Input::open(from));
    CG_TRY(auto output, Output::create(to));
    const auto keys = pointers(identities);
    CG_TRY(const auto first, peek(input));
    if (crypto::is_age_armored(first)) {
        CG_TRY(open_armored(first, input, output, keys));
        return output.commit();
    }
    if (output.is_stdout() && input.rewind()) {
        const auto nowhere = [](ByteView) -> Result<> { return ok(); };
        CG_TRY(crypto::age_open(input.source(), nowhere, keys));
        if (!input.rewind()) return fail(Errc::unavailable, "the file cannot be read twice");
        CG_TRY(crypto::age_open(input.source(), output.sink(), keys));
        return ok();
    }
    if (input.rewind()) {
        CG_TRY(crypto::age_open(input.source(), output.sink(), keys));
    } else {
        Replay replay{first, input.source()};
        CG_TRY(crypto::age_open(replay.source(), output.sink(), keys));
    }
    return output.commit();
}

auto seal_age(const std::string& from, const std::string& to, std::span<const crypto::AgeRecipient> recipients,
              bool armor) -> Result<> {
    CG_TRY(auto input, Input::open(from));
    CG_TRY(auto output, Output::create(to));
    if (!armor) {
        CG_TRY(crypto::age_seal(input.source(), output.sink(), recipients));
        return output.commit();
    }
    CG_TRY(const auto plain, input.read_all(max_armored_bytes));
    CG_TRY(const auto sealed, crypto::age_seal(plain.reveal(), recipients));
    CG_TRY(output.write(view_bytes(crypto::age_armor(sealed))));
    return output.commit();
}

auto read_identity_file(const std::string& file) -> Result<std::vector<crypto::AgeIdentity>> {
    CG_TRY(const auto secret, config::read_private_file(file));
    std::vector<crypto::AgeIdentity> out;
    auto text = secret.reveal_text();
    for (std::size_t line = 1; !text.empty(); ++line) {
        auto one = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(one.size() + 1, text.size()));
        if (one.ends_with('\r')) one.remove_suffix(1);
        if (one.empty() || one.starts_with('#')) continue;
        auto identity = crypto::AgeIdentity::parse(one);
        if (!identity.has_value())
            return fail(identity.error().code,
                        file + ":" + std::to_string(line) + ": no age identity that this program can use");
        out.push_back(std::move(identity).value());
    }
    if (out.empty()) return fail(Errc::malformed, file + " holds no age identity (AGE-SECRET-KEY-…)");
    return out;
}

}  // namespace cg::app
