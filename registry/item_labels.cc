#include "registry/item_labels.h"

#include <array>
#include <string>

#include "registry/service.h"

namespace ismap::registry {

namespace {

constexpr ItemLabel kRecord{"", "記録", "record", "11.5"};

constexpr std::array kLabels = {
    ItemLabel{"/id", "登録番号", "registration number", "11.5"},
    ItemLabel{"/name", "(1)クラウドサービスの名称", "(1) name of the service", "11.5(1)"},
    ItemLabel{"/url", "(2)ホームページのURL", "(2) URL of the service's website", "11.5(2)"},
    ItemLabel{"/provider", "(3)クラウドサービス事業者", "(3) provider", "11.5(3)"},
    ItemLabel{"/provider/name", "(3)クラウドサービス事業者の名称", "(3) provider's name", "11.5(3)"},
    ItemLabel{"/provider/address", "(3)クラウドサービス事業者の所在地", "(3) provider's address", "11.5(3)"},
    ItemLabel{"/provider/corporate_number", "(3)法人番号", "(3) corporate number", "11.5(3)"},
    ItemLabel{"/registered_on", "(4)登録日", "(4) day of registration", "11.5(4)"},
    ItemLabel{"/expires_on", "(5)登録の有効期限", "(5) expiry", "11.5(5)"},
    ItemLabel{"/scope", "(6)言明の対象範囲", "(6) scope of the statement", "11.5(6)"},
    ItemLabel{"/scope/items", "(6)対象サービス", "(6) services in scope", "11.5(6)"},
    ItemLabel{"/scope/excluded", "(6)対象外", "(6) services out of scope", "11.5(6)"},
    ItemLabel{"/scope/regions", "(6)リージョン", "(6) regions", "11.5(6)"},
    ItemLabel{"/controls", "(7)実施している統制目標の管理策", "(7) controls implemented", "11.5(7)"},
    ItemLabel{"/controls/edition", "(7)管理基準の版", "(7) edition of the management standard", "11.5(7)"},
    ItemLabel{"/controls/excluded", "(7)実施していない統制目標", "(7) objectives not implemented", "11.5(7)"},
    ItemLabel{"/audit_period", "(8)監査対象期間", "(8) audit period", "11.5(8)"},
    ItemLabel{"/audit_period/from", "(8)監査対象期間の初日", "(8) first day of the audit period", "11.5(8)"},
    ItemLabel{"/audit_period/to", "(8)監査対象期間の末日", "(8) last day of the audit period", "11.5(8)"},
    ItemLabel{"/subsequent_events", "(9)後発事象", "(9) subsequent events", "11.5(9)"},
    ItemLabel{"/improvement_plan", "(10)改善計画書の有無", "(10) whether there is an improvement plan", "11.5(10)"},
    ItemLabel{"/disclosures", "(11)7.5において提供する情報", "(11) what 7.5 provides", "11.5(11)"},
    ItemLabel{"/disclosures/capital_and_officers", "(11)資本関係及び役員等", "(11) capital and officers", "11.5(11)"},
    ItemLabel{"/disclosures/foreign_law", "(11)国内法以外の法令の適用", "(11) foreign law that applies", "11.5(11)"},
    ItemLabel{"/disclosures/governing_law_and_jurisdiction", "(11)準拠法・裁判管轄",
              "(11) governing law and jurisdiction", "11.5(11)"},
    ItemLabel{"/disclosures/third_party_tests", "(11)第三者による検査", "(11) tests by third parties", "11.5(11)"},
    ItemLabel{"/remarks", "(12)特記事項", "(12) remarks", "11.5(12)"},
    ItemLabel{"/agencies_using", "(13)利用中の政府機関等の数", "(13) number of agencies using it", "11.5(13)"},
    ItemLabel{"/state", "登録の状態", "state", "11.5"},
    ItemLabel{"/suspensions", "一時停止", "suspensions", "11.5"},
    ItemLabel{"/re_audits", "再監査", "re-audits", "11.5"},
    ItemLabel{"/renewals", "更新の申請", "renewal applications", "11.5"},
    ItemLabel{"/removal", "登録の削除", "removal", "11.5"},
};

}  // namespace

const ItemLabel& label_of(std::string_view pointer) {
  while (!pointer.empty()) {
    for (const ItemLabel& label : kLabels) {
      if (label.pointer == pointer) return label;
    }
    const std::size_t slash = pointer.rfind('/');
    pointer = pointer.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  return kRecord;
}

std::string article_of_item(std::string_view pointer) { return std::string(label_of(pointer).article); }

}  // namespace ismap::registry
