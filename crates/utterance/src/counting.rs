//! Lines that only count: how often something has happened, or for how long.

use crate::text::{Lang, list};

/// Words that only say how often or for how long something has happened, and that nobody came or helped.
const COUNTING: [&str; 2] = [
    "已经|都|又|也|才|就|这|那|样|是|了|的|啊|呀|吧|呢|嘛|我|我们|你们|您|你|还|一共|总共|前后|前前后后|反复|连续|整整|足足|快|好|好几|多少|几|第|次|每次|回|遍|趟|天|日|周|个|月|年|小时|钟头|分钟|星期|礼拜|半|半天|多|今天|昨天|现在|刚才|到|从|今|打|打过|打了|电话|客服电话|热线|催|催过|问|问过|说|说过|讲|反映|反馈|报修|投诉|\
联系|等|给|跟|找|客服|人工|约|约好|约过|没来|没有来|没人来|不来|没到|没人接|没人回|没回|没修好|没解决|没处理|没弄好|师傅|上门|来过|这么|怎么|搞|为什么|为啥|要|一|二|两|三|四|五|六|七|八|九|十|百",
    "this|that|that's|is|it|it's|its|i|i've|ive|we|we've|you|you've|have|has|had|been|was|were|now|already|the|a|an|for|of|my|our|to|your|in|on|so|and|just|again|still|even|about|over|once|twice|time|times|first|second|third|fourth|fifth|sixth|one|two|three|four|five|six|seven|eight|nine|ten|day|days|week|weeks|month|months|hour|hours|minute|minutes|today|yesterday|last|since|\
waiting|waited|wait|call|calls|called|calling|phoned|rang|ring|asked|asking|complained|complaining|complaint|reported|reporting|contacted|nth|umpteenth|raised|many|several|row|engineer|technician|nobody|never|not|didn't|came|come|show|shows|showed|up|every|each|same|like|solved|fixed|resolved|isn't|hasn't|want|make",
];

/// Whether a line only says how often or for how long, and that nobody came or helped: "已经第三次了", "third time and nobody showed up". Who tells of danger says such
/// words, too, but never these alone.
pub fn only_counts(tokens: &[&str], lang: Lang) -> bool {
    if lang == Lang::En {
        return tokens.iter().all(|word| list(COUNTING[1]).any(|known| known == *word) || word.starts_with(|c: char| c.is_ascii_digit()));
    }
    let line = tokens.concat();
    let mut rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    while !rest.is_empty() {
        let Some(next) = list(COUNTING[0]).filter_map(|word| rest.strip_prefix(word)).min_by_key(|next| next.len()) else { return false };
        rest = next.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    true
}
