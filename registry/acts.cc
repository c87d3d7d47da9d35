#include "registry/acts.h"

#include <array>
#include <utility>

namespace ismap::registry {

namespace {

constexpr std::array<std::pair<Role, std::string_view>, 8> kRoles{{{Role::operator_, "operator"},
                                                                   {Role::committee, "committee"},
                                                                   {Role::ministries, "ministries"},
                                                                   {Role::registrant, "registrant"},
                                                                   {Role::applicant, "applicant"},
                                                                   {Role::agency, "agency"},
                                                                   {Role::auditor, "auditor"},
                                                                   {Role::system, "system"}}};

constexpr std::array<std::pair<Act, std::string_view>, 12> kActs{{{Act::register_service, "register"},
                                                                  {Act::renew, "renew"},
                                                                  {Act::file_renewal, "file-renewal"},
                                                                  {Act::close_renewal, "close-renewal"},
                                                                  {Act::change, "change"},
                                                                  {Act::usage, "usage"},
                                                                  {Act::suspend, "suspend"},
                                                                  {Act::reinstate, "reinstate"},
                                                                  {Act::start_re_audit, "start-re-audit"},
                                                                  {Act::end_re_audit, "end-re-audit"},
                                                                  {Act::remove, "remove"},
                                                                  {Act::correct, "correct"}}};

/// "13.5, 13.7" or "operator, committee": what the table has for `act`, without repeating.
template <class Pick>
std::string listed(Act act, Pick pick) {
  std::string out;
  std::string_view last;
  for (const Permission& p : permissions()) {
    if (p.act != act) continue;
    const std::string_view word = pick(p);
    if (word.empty() || word == last) continue;
    out += (out.empty() ? "" : ", ") + std::string(word);
    last = word;
  }
  return out;
}

std::string roles_for(Act act, std::string_view article) {
  std::string out;
  for (const Permission& p : permissions()) {
    if (p.act == act && p.article == article) out += (out.empty() ? "" : ", ") + std::string(name_of(p.role));
  }
  return out;
}

}  // namespace

std::string_view name_of(Role role) {
  for (const auto& [r, name] : kRoles) {
    if (r == role) return name;
  }
  return {};
}

std::optional<Role> role_of(std::string_view text) {
  for (const auto& [role, name] : kRoles) {
    if (name == text) return role;
  }
  return std::nullopt;
}

std::string_view name_of(Act act) {
  for (const auto& [a, name] : kActs) {
    if (a == act) return name;
  }
  return {};
}

std::optional<Act> act_of(std::string_view text) {
  for (const auto& [act, name] : kActs) {
    if (name == text) return act;
  }
  return std::nullopt;
}

const std::vector<Permission>& permissions() {
  static const std::vector<Permission> table{
      {Act::register_service, Role::operator_, "11.1"},
      {Act::renew, Role::operator_, "11.2"},
      {Act::file_renewal, Role::operator_, "12.1"},
      {Act::file_renewal, Role::registrant, "12.1"},
      {Act::close_renewal, Role::operator_, "9.6"},
      {Act::close_renewal, Role::ministries, "9.6"},
      {Act::close_renewal, Role::committee, "18.2(3)"},
      {Act::close_renewal, Role::operator_, ""},
      {Act::close_renewal, Role::registrant, ""},
      {Act::change, Role::operator_, "14.1"},
      {Act::change, Role::operator_, "14.2"},
      {Act::usage, Role::operator_, "11.5(13)"},
      {Act::suspend, Role::operator_, "13.5"},
      {Act::suspend, Role::committee, "13.7"},
      {Act::suspend, Role::operator_, "14.3"},
      {Act::reinstate, Role::operator_, "13.6"},
      {Act::reinstate, Role::committee, "13.10"},
      {Act::reinstate, Role::operator_, "14.4"},
      {Act::start_re_audit, Role::operator_, "16.1"},
      {Act::start_re_audit, Role::operator_, "16.5"},
      {Act::end_re_audit, Role::operator_, "16.3"},
      {Act::end_re_audit, Role::operator_, "16.4"},
      {Act::end_re_audit, Role::operator_, "16.7"},
      {Act::remove, Role::system, "12.1"},
      {Act::remove, Role::committee, "18.2(1)"},
      {Act::remove, Role::committee, "18.2(2)"},
      {Act::remove, Role::committee, "18.2(3)"},
      {Act::remove, Role::committee, "18.2(4)"},
      {Act::remove, Role::committee, "18.2(5)"},
      {Act::remove, Role::committee, "18.2(6)"},
      {Act::remove, Role::committee, "18.2(7)"},
      // A correction needs the role that the corrected act needed; decide() looks that up here.
      {Act::correct, Role::operator_, ""},
      {Act::correct, Role::committee, ""},
      {Act::correct, Role::ministries, ""},
  };
  return table;
}

Json to_json(const Actor& actor) {
  Json out{{"role", name_of(actor.role)}, {"organisation", actor.organisation}};
  if (actor.local_user) out["local_user"] = *actor.local_user;
  if (!actor.token.empty()) out["token"] = actor.token;
  if (!actor.from.empty()) out["from"] = actor.from;
  return out;
}

Actor actor_of(const Json& stored) {
  Actor actor;
  actor.role = role_of(stored.at("role").get<std::string>()).value();
  if (stored.at("organisation").is_string()) actor.organisation = stored.at("organisation").get<std::string>();
  if (stored.contains("local_user")) actor.local_user = stored.at("local_user").get<std::uint32_t>();
  actor.token = stored.value("token", "");
  actor.from = stored.value("from", "");
  return actor;
}

Result<Done> may(Role role, Act act, const std::optional<Article>& article) {
  const std::string_view wanted = article ? std::string_view(article->value()) : std::string_view();
  bool article_allows = false;
  for (const Permission& p : permissions()) {
    if (p.act != act || p.article != wanted) continue;
    if (p.role == role) return Done{};
    article_allows = true;
  }
  const std::string name(name_of(act));
  if (!article_allows) {
    const std::string articles = listed(act, [](const Permission& p) { return p.article; });
    return Error{Code::invalid, "/article", std::string(wanted),
                 "この行為（" + name + "）の根拠条項は " + (articles.empty() ? "なし" : articles) + " です",
                 "the act '" + name + "' is done under " + (articles.empty() ? "no article" : articles)};
  }
  const std::string roles = roles_for(act, wanted);
  return Error{
      Code::forbidden, "/role", std::string(wanted),
      "この行為（" + name + "）を行えるのは " + roles + " です（" + std::string(name_of(role)) + " ではありません）",
      "the act '" + name + "' belongs to " + roles + ", not to " + std::string(name_of(role))};
}

}  // namespace ismap::registry
