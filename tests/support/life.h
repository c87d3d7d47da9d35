#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "registry/service.h"
#include "tests/support/book.h"
#include "tests/support/law_twin.h"

/// Lives of several services over years, made up from a seed: sensible acts, and acts with something wrong about them.
/// Each is asked of the register and of its twin.
namespace ismap::test {

class Life {
 public:
  explicit Life(unsigned seed);

  /// Some days pass, and somebody wants something.
  /// Gives what the register and the twin do not agree on: whether it may be, on which article not, what the public
  /// sees.
  std::vector<std::string> step();

  /// What of the public state differs, of every service.
  std::vector<std::string> differences();
  /// The public part of a record in the twin's words.
  static Shown shown(const registry::Json& record);

  Book& book() { return book_; }
  [[nodiscard]] const LawTwin& twin() const { return twin_; }
  [[nodiscard]] const IsoDay& today() const { return today_; }
  /// How often which act was done ("suspend 13.7"), and how often which article refused.
  [[nodiscard]] const std::map<std::string, int>& done() const { return done_; }
  [[nodiscard]] const std::map<std::string, int>& refused() const { return refused_; }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  bool once_in(int n) { return pick(n) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all.at(static_cast<std::size_t>(pick(static_cast<int>(all.size()))));
  }
  std::string unique(const char* what) { return what + std::to_string(++made_); }

  Wish wish();
  Wish entrance();
  Wish about(const std::string& id);
  Wish about_renewal(const std::string& id);
  Wish about_items(const std::string& id);
  Wish opening(const std::string& id);
  Wish closing(const std::string& id);
  Wish removal(const std::string& id);
  Wish correction(const std::string& id);
  void suspension_correction(const LawTwin::Service& service, Wish& wish);
  void spoil(Wish& wish);
  void cite(Wish& wish);
  [[nodiscard]] std::vector<std::string> forgotten(const Wish& wish, const registry::Errors& notices) const;
  registry::Command command_of(const Wish& wish);
  registry::Json changes_of(const Wish& wish, const registry::Json& items);

  /// A service as its last event has it.
  struct Published {
    registry::Seq seq;
    Shown shown;
    registry::Service service;
  };
  const Published& published(const std::string& id);

  Book book_;
  LawTwin twin_;
  std::map<std::string, Published> published_;  ///< read again when there is another event
  std::mt19937 random_;
  IsoDay today_ = "2026-04-01";
  int made_ = 0;
  registry::Json cited_;  ///< the basis of the present wish, where it is a step of a case
  std::map<std::string, int> done_;
  std::map<std::string, int> refused_;
};

}  // namespace ismap::test
