#pragma once
/// Errors as a caller sees them: RFC 9457 problem details, with stable types from one closed table.
///
/// Secret  never a value from the message: an errors[] entry says where (JSON Pointer), what (code) and how to mend it

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "gateway/wire/http.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cg::wire {

/// One kind of answer that is not success. `type` on the wire is "urn:casegate:problem:" + code.
struct ProblemType {
    std::string_view code;   ///< "request/idempotency-conflict"
    int status;
    std::string_view title;  ///< the same for every occurrence
    std::string_view fix;    ///< one sentence: what the caller can do
};
[[nodiscard]] auto problem_types() noexcept -> std::span<const ProblemType>;
/// Policy's own problems ("consent/refused"): the code of an entry is a family ("consent/"), the rest is the pack's.
[[nodiscard]] auto problem_families() noexcept -> std::span<const ProblemType>;
/// The entry of a code, else of its family, else that of "gateway/internal".
[[nodiscard]] auto problem_type(std::string_view code) noexcept -> const ProblemType&;

/// What else a problem can say. Empty members are left out.
struct ProblemContext {
    int status = 0;                           ///< in place of the type's; 0: the type's
    std::string detail;                       ///< in place of the type's fix sentence
    std::vector<Problem> errors;
    std::string outcome;                      ///< PERMIT, DENY or REVIEW
    std::string purpose;
    std::string recipient;
    std::string rule;
    std::string what_would_change_this;
    std::vector<std::string> instructions;
    std::string decision_id;
    Json decision;                            ///< a whole decision (policy's JSON); null: none
};

/// `application/problem+json` with type, title, status, detail, instance (a fresh urn:uuid) and what `context` holds.
[[nodiscard]] auto problem_response(std::string_view code, const ProblemContext& context = {}) -> Response;

/// The problem for a failure: by its first Problem where that is of the table, else by its Errc. Error.detail is for
/// operators and does not appear.
[[nodiscard]] auto error_response(const Error& error) -> Response;
/// The same choice without the answer, for metrics and logs. Lifetime: borrows the error.
[[nodiscard]] auto problem_code(const Error& error) noexcept -> std::string_view;

/// `application/json`.
[[nodiscard]] auto json_response(int status, const Json& body) -> Response;

}  // namespace cg::wire
