//! The words of short answers. A word that is in none of these lists makes a line a question, or something told.

use super::{Seat, Sign};

/// Chinese words that count things, after an ordinal.
pub(super) const MEASURES_ZH: &str = "个|条|项|种|款|台|部|档|件|样|点|句|行|题|道|张|类|个选项|个问题|个答案|条问题|选项";

/// Chinese words for places.
pub(super) const ZH_HEADS: &[(Seat, &str)] = &[
    (
        Seat::At(0),
        "前者|前一个|前一条|前一款|前面那个|前面那条|前面那款|头一个|头一条|头一款|首个|最上面|最上边|最上面的|最上面那个|最上面那条|最上边那个|最上头那个|上面那个|上面那条|上边那个|最前面|最前面那个|打头那个",
    ),
    (
        Seat::FromEnd(0),
        "后者|后一个|后一条|后一款|后面那个|后面那条|后面那款|最后|最后一个|最后一条|最后一项|最后一款|最后一种|最后那个|最后那条|最后那款|最后面|最后面那个|最后面那条|最下面|最下边|最下面的|最下面那个|最下面那条|最下边那个|最底下那个|下面那个|下面那条|下边那个|\
末尾|末尾那个|末一个|最末一个|最末尾|最末那个",
    ),
    (Seat::Middle, "中间|中间的|中间那个|中间那条|中间那款|中间一个|居中那个|当中那个"),
];

/// What Chinese words say.
pub(super) const ZH: &[(Sign, &str)] = &[
    (
        Sign::Bars,
        "是不是|要不要|有没有|能不能|可不可以|好不好|对不对|行不行|会不会|不行|不太行|不大行|不好|不好用|不可以|不知道|不了解|不详细|不具体|不能|没问题|没有问题|没问题了|没有问题了",
    ),
    (
        Sign::No,
        "不是的|不对|不对的|不太对|不大对|不|没有|没|否|错|错了|不沾边|不搭边|不搭|不搭界|不相关|不符合|不符|不匹配|不像|不太像|不准|对不上|无关|没沾边",
    ),
    (Sign::Not, "不是|并不是|并非|不要|不想要|不想|不想问|不想看|不需要这|不选|没问|没说|没在问|不是说|不是问|不是要|不是想|别选"),
    (
        Sign::NoneOfThem,
        "都不行|都不好|都不合适|都没用|都不太行|没一个|没有一个|一个都不|一个也不|没有我要的|没有我想要的|没有我想问的|没有我要问的|没有我想找的|没有我要找的|没有我说的|没有我问的|没有想要的|没有想问的|没有要问的|没有要找的|没有合适的|没有符合的|没有相关的|没有对的|没有是的|没我要的|没我想问的|没我想要的|\
没有我需要的|没有一条|没有一项|没一条|答非所问|文不对题|牛头不对马嘴|跟这些没关系|和这些没关系|跟这个没关系|和这个没关系|跟这些无关|和这些无关|跟这几个没关系|跟我问的没关系|和我问的没关系|跟我问的无关|和我问的无关|跟我说的没关系|与我问的无关",
    ),
    (
        Sign::Set,
        "这些|那些|这几个|那几个|这几条|那几条|这几项|这几种|这几款|那几款|这两个|那两个|这三个|那三个|这两条|这三条|这两款|这三款|这俩|那俩|这里面|里面|这个|那个|这|哪个|哪条|哪一个|哪一条|哪项|哪款|任何一个|任何一条|任何|其中|以上|上述|上面|上面的|下面|下面的|上面这些|下面这些|上面这几个|下面这几个|\
你说的|你列的|你给的|你发的|你问的|您说的|您列的|列的|列出来的|列出的|给出的|给的|我要的|我想要的|我想问的|我要问的|我问的|我要找的|我想找的|我找的|我说的|我需要的|我指的|我想的|想要的|想问的|要问的|想找的|问的|意思|我的意思|这意思|这个意思|那个意思|我想了解的|我关心的|我的问题|这回事|那回事|这码事|选项里|选项",
    ),
    (Sign::Whole, "都|全|全都|全部|两个|三个|两条|三条|两款|三款|俩|仨|两者|全部都|统统|各个|每个|一个都|一个也|全部的"),
    (
        Sign::Drop,
        "算了|算啦|算了吧|那算了|还是算了|先算了|就算了|不用|不用了|不用啦|先不用|先不用了|暂时不用|不需要|不需要了|不必|不必了|不要了|不问了|不看了|不选了|不买了|不了|先不了|不办了|没事|没事了|没事儿|没事儿了|没关系|没关系的|无所谓了|先这样|就这样|就这样吧|先这样吧|以后再说|以后再说吧|下次再说|下次再说吧|下次吧|\
回头再说|回头再说吧|再说吧|再说|改天|改天吧|改天再说|等等再说|不麻烦了|不麻烦你了|不麻烦您了|没别的了|没有了|没有别的了|当我没问|当我没说|没什么|没啥|没什么了|没啥了|我自己看看|我自己查|我自己看|我自己来|自己看看|自己看|自己查|我再看看|再看看|再想想|我再想想|想想|考虑一下|我考虑一下|考虑考虑|不劳烦了|不打扰了|免了|放弃",
    ),
    (Sign::Yes, "是|是的|对|对的|对对|对对对|没错|正是|就是这个|是这个|就这个|是啊|对啊|嗯是|确实|确定|正确"),
    (Sign::Any, "随便|随便吧|随意|都行|都可以|都好|哪个都行|哪个都可以|哪个都好|任意|任选|你定|您定|你看着办"),
    (Sign::Other, "另一个|另外一个|另外那个|另一条|另外一条|另外那条|剩下那个|剩下的|剩下那条|剩下的那个|另一款|另外一款|另外那款|另一项|另一种"),
    (Sign::GoesOn, "呢|咧|还有"),
    (
        Sign::Filler,
        "我|我想|想|要|我要|看|看看|看下|看一下|选|选择|选的是|就|就选|就要|就看|就是|应该|应该是|好像|好像是|感觉|似乎|恐怕|可能|可能是|大概|大概是|那|那就|那么|就是说|我是说|我是问|我是想|我问的是|我想问的是|我要问的是|我说的是|我指的是|我想看的是|想问|想问的是|问|问的是|说的是|指的是|点|点开|点一下|来|来看|给我|给我看|给我看看|\
帮我|帮我看|帮我看看|帮忙|帮忙看|请|麻烦|麻烦看|麻烦看下|麻烦看一下|查|查下|查一下|查查|说|说说|说下|说一下|讲|讲讲|讲一下|展开|展开说说|详细说说|详细|具体|了解|了解一下|知道|想知道|先|先看|先说|先问|先选|一下|下|嗯|恩|嗯嗯|哦|噢|额|呃|诶|唉|哎|啊|呀|吧|嘛|哈|啦|咯|哟|喔|了|的|个|谢谢|谢谢你|谢谢您|多谢|感谢|\
您|你|好|好的|好吧|好滴|好嘞|行|可以|可能|问题|答案|跟|和|与|还是|也|太|大|抱歉|不好意思|对不起|应该也|其实|真的|真|目前|现在|都看看|一起|说真的|老实说|要不|要不就|并|就行|就好|就可以|即可",
    ),
];

/// What English phrases say. Longer ones go first.
pub(super) const EN: &[(Sign, &str)] = &[
    (
        Sign::Bars,
        "first of all|one second|one sec|one moment|one minute|one more|one more thing|one thing|one question|one option|quick question|another question|second hand|last two|first two|last three|first three|is it|are they|is that|is this|do you|are you|can you|could you|would you|did you|will you|no problem|all right|not sure|for all|at all|right now|what is|i need|i want help",
    ),
    (Sign::Seat(Seat::At(0)), "first|1 st|1st|former|top|topmost|uppermost|one|number one"),
    (Sign::Seat(Seat::At(1)), "second|2 nd|2nd|two"),
    (Sign::Seat(Seat::At(2)), "third|3 rd|3rd|three"),
    (Sign::Seat(Seat::At(3)), "fourth|4 th|4th|forth|four"),
    (Sign::Seat(Seat::At(4)), "fifth|5 th|5th|five"),
    (Sign::Seat(Seat::At(5)), "sixth|6 th|6th|six"),
    (Sign::Seat(Seat::At(6)), "seventh|7 th|7th|seven"),
    (Sign::Seat(Seat::At(7)), "eighth|8 th|8th|eight"),
    (Sign::Seat(Seat::FromEnd(0)), "last|latter|bottom|bottommost|final"),
    (Sign::Seat(Seat::FromEnd(1)), "second last|second to last|last but one|next to last|penultimate|one before last"),
    (Sign::Seat(Seat::Middle), "middle|centre|center|one in the middle|in the middle"),
    (Sign::Other, "other one|the other|the other one|other|the other option"),
    (
        Sign::No,
        "no|nope|nah|naw|wrong|incorrect|negative|not really|not quite|not exactly|not at all|no good|not it|that's not it|thats not it|that is not it|that isn't it|it isn't|it's not|its not|it is not|not that",
    ),
    (
        Sign::Not,
        "not|isn't|isnt|aren't|arent|don't|dont|doesn't|doesnt|wasn't|wasnt|weren't|werent|didn't|didnt|nor|never|cannot|can't|cant|won't|wont|nothing to do with",
    ),
    (
        Sign::NoneOfThem,
        "none|neither|no one|not one|not a single one|nothing here|nothing matches|nothing fits|none at all|not any|off topic|beside the point|unrelated|irrelevant|something else|something different|something else entirely|something completely different|anything else",
    ),
    (
        Sign::Set,
        "these|those|them|they|this|that|it|that one|this one|ones|above|below|listed|one of these|one of those|one of them|one of the above|of the above|what i meant|what i mean|what i asked|what i asked for|what i was asking|what i'm asking|what im asking|what i am asking|\
what i want|what i wanted|what i need|what i needed|what i'm looking for|what im looking for|what i am looking for|what i was looking for|what i'm after|what im after|what i was after|what i had in mind|my question|my problem|my issue|related|relevant|match|matches|matching|fit|fits|apply|applies|help|helps|helpful|useful|asking|looking|meaning|suggested|offered|\
close|what",
    ),
    (
        Sign::Whole,
        "both|all|everything|each|each of them|all of them|all of these|all of those|both of them|both of these|both of those|all three|all two|all four|every one",
    ),
    (
        Sign::AnyOne,
        "any|any of these|any of those|any of them|any of the above|either|either one|either of them|either of these|any one|whichever|any will do|either works|either is fine|doesn't matter|doesnt matter|does not matter",
    ),
    (
        Sign::Drop,
        "never mind|nevermind|never mind then|nvm|forget it|forget about it|forget that|no thanks|no thank you|no thx|no ta|no cheers|not now|not today|not yet|not right now|maybe later|later|some other time|another time|leave it|leave it there|skip it|skip|drop it|don't worry|dont worry|don't worry about it|no worries|don't bother|dont bother|it's fine|its fine|\
that's fine|thats fine|it's ok|its ok|it's okay|its okay|that's ok|thats ok|that's okay|i'm good|im good|i'm fine|im fine|i'm ok|im ok|nothing|nothing else|nothing thanks|that's all|thats all|that is all|that'll be all|all good|no need|not needed|not necessary|i'll leave it|ill leave it|let it be|let's leave it|lets leave it|no longer needed|not interested|not anymore|\
i'll find it myself|i'll look myself|i'll check myself|i'll figure it out|on second thought|on second thoughts",
    ),
    (
        Sign::Yes,
        "yes|yeah|yep|yup|yea|ya|aye|correct|exactly|right|indeed|that's it|thats it|that is it|that's right|thats right|that is right|that's correct|that's the one|thats the one|that is the one|precisely",
    ),
    (Sign::GoesOn, "what about|how about|and what about|and how about"),
    (
        Sign::Filler,
        "the|of|and|or|please|pls|plz|thanks|thank|you|thank you|thx|cheers|ta|i|i'm|im|i'd|id|i'll|ill|i've|ive|me|my|mean|meant|want|wanted|would|like|it's|its|it is|it was|is|was|be|are|were|am|that's|thats|that is|that would be|there|do|does|did|think|guess|suppose|believe|probably|maybe|perhaps|possibly|just|with|go|go for|going|take|pick|picked|choose|choosing|select|\
tell|tell me|tell me about|show|show me|open|give|give me|about|more|a bit|try|let's|lets|let's see|lets see|number|nr|option|options|choice|question|item|answer|link|button|entry|the one|ok|okay|well|um|uh|hm|hmm|oh|so|then|but|sorry|afraid|actually|really|honestly|unfortunately|for|to|to see|see|hear|read|say|said|at|here|on|on the list|in the list|list|looks|seem|seems|sounds|must|should|could|\
will|now|first off|quite|thing|things|kindly|how|im afraid|i'm afraid|looking at|has|have|for now|in|any more|sadly|still|again|dear|sir|madam|mate",
    ),
];

/// English ordinals, which pick also where a line says more.
pub(super) const ORDINALS_EN: &str = "first|second|third|fourth|fifth|last|latter|former|middle|top|bottom";
