#include "tests/server/office_site.h"

#include <stdexcept>
#include <utility>

#include "feed/init.h"
#include "registry/fsck.h"
#include "registry/tables.h"
#include "server/auth.h"
#include "tests/support/book.h"

namespace ismap::test {

using registry::Done;
using registry::Instant;
using registry::Json;
using registry::Result;

namespace {

Instant first_noon() { return Book::noon("2026-08-01"); }

void require(bool ok, const registry::Errors& errors) {
  if (!ok) throw std::runtime_error(errors.front().en);
}

void enter(server::DataFolder& folder, const std::string& id, const Json& patch) {
  Json record = Book::record(id);
  record.merge_patch(patch);
  const auto command = Book::command(id, registry::RegisterService{registry::parse_service(record).value()}, "11.1");
  const auto done = folder.registrar().act(command, Book::noon("2026-04-01"));
  if (!done.ok()) require(false, done.errors());
}

/// A folder with keys and three services, made once and copied for each test: keys take a second to make.
const std::filesystem::path& prepared_folder() {
  static const TempFolder folder;
  static const std::filesystem::path path = [] {
    std::filesystem::path data = folder.path() / "data";
    const Instant began = Book::noon("2026-01-05");
    const auto open_log = [&](const std::string& key_set) -> Result<Done> {
      registry::lmdb::EnvOptions options;
      options.create = true;
      auto env = registry::tables::open(data, options);
      if (!env.ok()) return env.errors();
      const auto opened = registry::Registrar(**env).open_log(kOrigin, key_set, began);
      if (!opened.ok()) return opened.errors();
      return Done{};
    };
    const auto made = feed::init(data, kOrigin, "https://liu.example.jp", began, open_log);
    if (!made.ok()) require(false, made.errors());
    auto opened = server::DataFolder::open(data);
    if (!opened.ok()) require(false, opened.errors());
    enter(**opened, kMine, Json::object());
    enter(**opened, kAlsoMine, {{"expires_on", "2026-08-31"}});
    enter(**opened, kTheirs,
          {{"expires_on", "2026-08-31"},
           {"provider", {{"name", {{"ja", "別会社"}}}, {"corporate_number", "4011001098993"}}}});
    return data;
  }();
  return path;
}

server::Request request(const std::string& method, const std::string& target) {
  server::Request out;
  out.method = method;
  out.target = target;
  const auto mark = target.find('?');
  out.path = server::percent_decoded(target.substr(0, mark), false).value();
  if (mark != std::string::npos) out.query = server::parse_query_string(target.substr(mark + 1)).value();
  return out;
}

/// Hands the body to the sink of its route, if that has one.
server::Response answer_as_the_loop_does(const server::Context& context, const server::Pages& pages,
                                         server::Request request) {
  const auto place = server::place_body(context, pages, request, request.body.size());
  if (const auto* problem = std::get_if<server::Problem>(&place)) {
    return server::to_response(*problem, server::prefers_english(request));
  }
  request.sink = std::get<std::shared_ptr<server::BodySink>>(place);
  if (request.sink) {
    const auto written = request.sink->write(request.body);
    if (!written.ok()) return server::to_response(server::problem_of(written.errors()), false);
    request.body.clear();
  }
  return server::dispatch(context, pages, request);
}

}  // namespace

std::vector<std::string> reasons(const Json& problem) {
  std::vector<std::string> out;
  for (const Json& reason : problem.value("errors", Json::array())) {
    const Json& article = reason.at("article");
    out.push_back(reason.at("pointer").get<std::string>() +
                  (article.is_null() ? "" : " " + article.get<std::string>()));
  }
  return out;
}

OfficeSite::OfficeSite() : data(temp.path() / "data"), now(first_noon()) {
  std::filesystem::copy(prepared_folder(), data, std::filesystem::copy_options::recursive);
  reopen();
  const auto published = folder->publisher().publish(now);
  if (!published.ok()) require(false, published.errors());
}

void OfficeSite::reopen(server::DataFolder::AtStep step) {
  context.reset();
  office.reset();
  folder.reset();
  auto opened = server::DataFolder::open(data, std::move(step));
  if (!opened.ok()) require(false, opened.errors());
  folder = std::move(*opened);
  office = std::make_unique<server::Office>(*folder, [this] { return now; });
  context.emplace(server::Context{folder->env(), [this] { return folder->publisher().current(); },
                                  [this] { return now; }, office.get(),
                                  [this] { return folder->publisher().failing(); }, &folder->surface()});
}

const std::string& OfficeSite::token(const std::string& role) {
  std::string& secret = tokens_[role];
  if (!secret.empty()) return secret;
  const bool registrant = role == "registrant";
  secret = registrant ? new_token(role, kRegistrant, {kMine, kAlsoMine})
                      : new_token(role, role == "operator" ? std::string(kOperator) : role);
  return secret;
}

std::string OfficeSite::new_token(const std::string& role, const std::string& organisation,
                                  const std::vector<std::string>& services, int days) {
  registry::tokens::Request wanted;
  wanted.holder.role = registry::role_of(role).value();
  wanted.holder.organisation = organisation;
  for (const std::string& id : services) wanted.services.emplace_back(id);
  wanted.days = days;
  const auto issued = office->issue_token(wanted, server::local_actor(registry::Role::operator_, 0));
  if (!issued.ok()) require(false, issued.errors());
  return issued->secret;
}

Answer OfficeSite::send(const server::Request& request) {
  Answer out{answer_as_the_loop_does(*context, pages, request), nullptr};
  const auto type = out.response.headers.get("Content-Type").value_or("");
  if (type.ends_with("json") && out.response.body) out.json = Json::parse(*out.response.body);
  return out;
}

Answer OfficeSite::get(const std::string& target) { return send(request("GET", target)); }

Answer OfficeSite::ask(const std::string& role, const std::string& method, const std::string& target,
                       const std::string& body, const Fields& fields) {
  server::Request asked = request(method, target);
  asked.headers.add("Authorization", "Bearer " + token(role));
  if (!body.empty()) asked.headers.add("Content-Type", "application/json");
  for (const auto& [name, value] : fields) asked.headers.set(name, value);
  asked.body = body;
  asked.reading = std::exchange(reading, nullptr);
  return send(asked);
}

Answer OfficeSite::post(const std::string& role, const std::string& target, const Json& body, const std::string& key) {
  return ask(role, "POST", target, body.is_null() ? "" : body.dump(),
             key.empty() ? Fields{} : Fields{{"Idempotency-Key", key}});
}

std::string OfficeSite::drafted(const Json& changes, const std::string& service) {
  const Answer made =
      post("registrant", "/v1/filings",
           {{"form", "2-11"}, {"service", service}, {"changes", changes}, {"reason", {{"ja", "試験"}}}});
  if (made.status() != 201) throw std::runtime_error("no draft: " + made.json.dump());
  return made.json.at("id").get<std::string>();
}

std::string OfficeSite::filed(const Json& changes, const std::string& service) {
  std::string id = drafted(changes, service);
  const Answer received = post("registrant", "/v1/filings/" + id + "/submission", nullptr, "submit-" + id);
  if (received.status() != 202) throw std::runtime_error("not received: " + received.json.dump());
  return id;
}

Json OfficeSite::act(const std::string& name, const Json& article, const Json& own) {
  Json out{{"act", name},
           {"article", article},
           {"reason", {{"ja", "試験"}}},
           {"basis", {{"channel", "試験"}, {"received_on", "2026-07-31"}}}};
  if (own.is_object()) out.update(own);
  return out;
}

std::uint64_t OfficeSite::size() {
  return folder->env()
      .read([](const registry::lmdb::ReadTxn& txn) -> Result<std::uint64_t> {
        return registry::journal::size(txn).value();
      })
      .value();
}

std::vector<std::string> OfficeSite::findings() {
  return registry::fsck(folder->env(), server::attachments_folder(data)).value().findings;
}

}  // namespace ismap::test
