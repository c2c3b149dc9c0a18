// Certificates: what is read has an identity that prints as it stands, and reads the same again from its DER.
#include "certs/identity.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = cg::certs::read_certificate(cg::ByteView{data, size});
    if (read.has_error()) return 0;
    const auto& certificate = read.value();
    must(cg::certs::Identity::parse(certificate.identity.str()).value() == certificate.identity);
    const auto again = cg::certs::read_certificate(certificate.der);
    must(again.has_value() && again.value().sha256 == certificate.sha256 && again.value().identity == certificate.identity);
    static_cast<void>(cg::certs::certificate_problem(certificate, {{}, {}, cg::certs::CertificateUsage::signing, nullptr}, certificate.not_before));
    return 0;
}
