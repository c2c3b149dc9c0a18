#pragma once
/// What the tests of net share: an authority of their own, a client that is none of ours, and a look at the log.

#include "certs/pki.hpp"
#include "gateway/net/server.hpp"
#include "gateway/obs/log.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::net::test {

using namespace std::chrono_literals;

inline auto passphrase() -> const crypto::SecretBytes& {
    static const auto secret = crypto::SecretBytes::copy_of(std::string_view{"not a real passphrase"});
    return secret;
}

/// Key pairs are slow to encrypt: one serves all certificates of these tests, another all authorities.
inline auto key_pem() -> const std::string& {
    static const auto pem = certs::make_key_file(crypto::SignatureAlg::es256, passphrase());
    return pem;
}
inline auto authority_key_pem() -> const std::string& {
    static const auto pem = certs::make_key_file(crypto::SignatureAlg::es256, passphrase());
    return pem;
}

inline auto days_from_now(int days) -> Instant {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + std::chrono::hours{24 * days};
}

/// An authority whose certificate is made once.
struct Authority {
    std::string pem;
    explicit Authority(std::string_view name) {
        auto made = certs::make_authority(name, {authority_key_pem(), passphrase()}, {days_from_now(-30), days_from_now(30)});
        EXPECT_TRUE(made.has_value());
        if (made.has_value()) pem = std::move(made).value();
    }
    /// Slow, because keys are encrypted: each is made once.
    auto issue(std::string_view uri, int from_day = -1, int to_day = 20) const -> std::string {
        static std::map<std::string, std::string> made;
        auto& certificate = made[pem + std::string{uri} + std::to_string(from_day) + ',' + std::to_string(to_day)];
        if (certificate.empty()) certificate = issue_new(uri, from_day, to_day);
        return certificate;
    }

private:
    auto issue_new(std::string_view uri, int from_day, int to_day) const -> std::string {
        const auto identity = certs::Identity::parse(uri).value();
        const certs::KeyFile key{key_pem(), passphrase()};
        const auto request = certs::make_request(identity, {{"localhost"}, {"127.0.0.1"}}, key);
        auto made = certs::issue_certificate(request.value(), identity, certs::Issue::tls,
                                             {days_from_now(from_day), days_from_now(to_day)}, pem,
                                             {authority_key_pem(), passphrase()});
        EXPECT_TRUE(made.has_value());
        return made.has_value() ? made.value() : std::string{};
    }
};
inline auto our_authority() -> const Authority& {
    static const Authority authority{"Net Test Authority"};
    return authority;
}
inline auto foreign_authority() -> const Authority& {
    static const Authority authority{"Somebody Else"};
    return authority;
}

inline auto load_key(const std::string& pem) -> EVP_PKEY* {
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, const_cast<char*>("not a real passphrase"));
    BIO_free(in);
    return key;
}
/// key_pem() without its encryption.
inline auto plain_key_pem() -> const std::string& {
    static const std::string pem = [] {
        EVP_PKEY* key = load_key(key_pem());
        BIO* out = BIO_new(BIO_s_mem());
        PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
        char* data = nullptr;
        const auto size = BIO_get_mem_data(out, &data);
        std::string text(data, static_cast<std::size_t>(size));
        BIO_free(out);
        EVP_PKEY_free(key);
        return text;
    }();
    return pem;
}

inline auto options_for(const std::string& certificate, const Authority& trusted = our_authority()) -> TlsOptions {
    TlsOptions options;
    options.certificate_pem = certificate;
    options.key_pem = crypto::SecretBytes::copy_of(std::string_view{plain_key_pem()});
    options.ca_pem = trusted.pem;
    return options;
}
inline auto encrypted_options_for(const std::string& certificate) -> TlsOptions {
    auto options = options_for(certificate);
    options.key_pem = crypto::SecretBytes::copy_of(std::string_view{key_pem()});
    options.passphrase = crypto::SecretBytes::copy_of(passphrase().reveal());
    return options;
}
inline auto server_context(Authorise authorise = {}, std::string_view uri = "casegate://northport/gateway")
    -> std::shared_ptr<const TlsContext> {
    return TlsContext::server(options_for(our_authority().issue(uri)), std::move(authorise)).value();
}
inline auto client_context(std::string_view uri = "casegate://eastmoor/gateway") -> std::shared_ptr<const TlsContext> {
    return TlsContext::client(options_for(our_authority().issue(uri))).value();
}

/// Listens to the log while it lives.
class LogCapture {
public:
    LogCapture() {
        obs::set_sink([this](std::string_view line) {
            const std::lock_guard lock{mutex_};
            lines_.emplace_back(line);
            changed_.notify_all();
        });
    }
    ~LogCapture() { obs::set_sink({}); }
    /// Waits until a line holds `text`.
    auto saw(std::string_view text) -> bool {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 20s, [&] {
            for (const auto& line : lines_)
                if (line.find(text) != std::string::npos) return true;
            return false;
        });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
};

/// A blocking client on plain POSIX and OpenSSL calls.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
        const timeval patience{20, 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    RawClient(const RawClient&) = delete;
    auto operator=(const RawClient&) -> RawClient& = delete;
    ~RawClient() {
        SSL_free(ssl_);
        SSL_CTX_free(ctx_);
        ::close(fd_);
    }
    [[nodiscard]] auto connected() const -> bool { return connected_; }

    /// Shakes hands; an empty certificate sends none. Returns "" or OpenSSL's reason.
    auto handshake(const std::string& certificate_pem, int max_version = TLS1_3_VERSION) -> std::string {
        ctx_ = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_max_proto_version(ctx_, max_version);
        if (!certificate_pem.empty()) {
            BIO* bio = BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size()));
            X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
            SSL_CTX_use_certificate(ctx_, certificate);
            X509_free(certificate);
            BIO_free(bio);
            EVP_PKEY* key = load_key(plain_key_pem());
            SSL_CTX_use_PrivateKey(ctx_, key);
            EVP_PKEY_free(key);
        }
        ssl_ = SSL_new(ctx_);
        SSL_set_fd(ssl_, fd_);
        ERR_clear_error();
        return SSL_connect(ssl_) == 1 ? "" : reason();
    }
    auto write(std::string_view bytes) -> bool {
        while (!bytes.empty()) {
            ERR_clear_error();
            const auto n = ssl_ != nullptr ? static_cast<ssize_t>(SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())))
                                           : send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    /// What comes until `text` has come, or the other side ends, or nothing comes for 20 s.
    auto read_until(std::string_view text) -> std::string {
        std::string all;
        char buffer[4096];
        while (text.empty() || all.find(text) == std::string::npos) {
            ERR_clear_error();
            const auto n = ssl_ != nullptr ? static_cast<ssize_t>(SSL_read(ssl_, buffer, sizeof buffer))
                                           : recv(fd_, buffer, sizeof buffer, 0);
            if (n <= 0) {
                ended_ = true;
                if (ssl_ != nullptr) reason_ = reason();
                break;
            }
            all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }
    auto read_all() -> std::string { return read_until(""); }
    /// Whether the server gave a ticket to come back with.
    [[nodiscard]] auto resumable() const -> bool { return SSL_SESSION_is_resumable(SSL_get0_session(ssl_)) == 1; }
    [[nodiscard]] auto ended() const -> bool { return ended_; }
    /// OpenSSL's reason for the end; of an alert, its name.
    [[nodiscard]] auto end_reason() const -> const std::string& { return reason_; }

private:
    static auto reason() -> std::string {
        const char* text = ERR_reason_error_string(ERR_peek_error());
        return text != nullptr ? text : "closed";
    }
    int fd_;
    bool connected_ = false;
    bool ended_ = false;
    std::string reason_;
    SSL_CTX* ctx_ = nullptr;
    SSL* ssl_ = nullptr;
};

/// A gate that a test opens.
class Gate {
public:
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    auto wait() -> bool {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 20s, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

inline void echo(wire::Request request, const wire::Respond& respond) {
    wire::Response response;
    response.content_type = "text/plain";
    response.body = request.method + ' ' + request.path + ' ' + request.peer.uri + ' ' + to_text(request.body);
    respond(std::move(response));
}

inline auto plain_listener(wire::Handler handler = echo, Limits limits = {}) -> ListenerOptions {
    ListenerOptions options;
    options.name = "test";
    options.handler = std::move(handler);
    options.limits = limits;
    return options;
}
inline auto tls_listener(std::shared_ptr<const TlsContext> tls, wire::Handler handler = echo, Limits limits = {}) -> ListenerOptions {
    auto options = plain_listener(std::move(handler), limits);
    options.tls = std::move(tls);
    return options;
}
inline auto start(Runtime& runtime, ListenerOptions options) -> std::unique_ptr<Server> {
    std::vector<ListenerOptions> listeners;
    listeners.push_back(std::move(options));
    auto server = Server::start(runtime, std::move(listeners));
    EXPECT_TRUE(server.has_value());
    return std::move(server).value();
}

inline auto get(std::string_view path) -> std::string { return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

}  // namespace cg::net::test
