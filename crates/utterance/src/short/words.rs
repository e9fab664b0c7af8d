//! The words of short answers. A word that is in none of these lists makes a line a question, or something told.

use super::{Seat, Sign};

/// Chinese words that count things, after an ordinal.
pub(super) const MEASURES_ZH: &str =
    "个|条|项|种|款|台|部|档|件|样|点|句|行|题|道|张|类|位|名|栏|个选项|个问题|个答案|个链接|个按钮|条问题|选项|问题|链接|按钮";

/// How what is said of the place of a thing goes on: with words that are no nouns.
pub(super) const FOLLOWS_ZH: &str = "怎|如何|咋|能|可|要|是|多|有|在|的|呢|吗|吧|啊|呀|嘛|哈|就|还|会|需|什么|为|啥|谢|麻烦|辛苦|拜托|请|我|您|你|给|帮|具体|详细|展开|说|讲|看|行|好|比较|应该|那|这|呗|哦|噢|啦|了|谁|不|没|问|里|到底|究竟|大概|大约";

/// What Chinese words say.
pub(super) const ZH: &[(Sign, &str)] = &[
    (
        Sign::Bars,
        "是不是|要不要|有没有|能不能|可不可以|好不好|对不对|行不行|会不会|不行|不太行|不大行|不好|不好用|不可以|不知道|不了解|不详细|不具体|不能|没问题|没有问题|没问题了|没有问题了",
    ),
    (
        Sign::No,
        "点错|点错了|选错|选错了|按错|按错了|看错|看错了|打错|打错了|说错|说错了|写错|写错了|搞错|搞错了|弄错|弄错了|发错|发错了|记错|记错了|不是的|不对|不对的|不太对|不大对|不|没有|没|否|错|错了|不沾边|不搭边|不搭|不搭界|不相关|不符合|不符|不匹配|不像|不太像|不准|对不上|无关|没沾边",
    ),
    (Sign::Not, "不是|并不是|并非|不要|不想要|不想|不想问|不想看|不需要这|不选|没问|没说|没在问|不是说|不是问|不是要|不是想|别选"),
    (
        Sign::NoneOfThem,
        "没啥用|没有用|没什么用|没屁用|没多大用|没起作用|帮不到|帮不到我|帮不上|帮不上忙|帮不了我|都不行|都不好|都不合适|都没用|都不太行|没一个|没有一个|一个都不|一个也不|没有我要的|没有我想要的|没有我想问的|没有我要问的|没有我想找的|没有我要找的|没有我说的|没有我问的|没有想要的|没有想问的|没有要问的|没有要找的|没有合适的|没有符合的|没有相关的|没有对的|没有是的|没我要的|没我想问的|没我想要的|\
没有我需要的|没有一条|没有一项|没一条|答非所问|文不对题|牛头不对马嘴|跟这些没关系|和这些没关系|跟这个没关系|和这个没关系|跟这些无关|和这些无关|跟这几个没关系|跟我问的没关系|和我问的没关系|跟我问的无关|和我问的无关|跟我说的没关系|与我问的无关",
    ),
    (
        Sign::Set,
        "这些|那些|这几个|那几个|这几条|那几条|这几项|这几种|这几款|那几款|这两个|那两个|这三个|那三个|这两条|这三条|这两款|这三款|这俩|那俩|这里面|里面|这个|那个|这|哪个|哪条|哪一个|哪一条|哪项|哪款|任何一个|任何一条|任何|其中|以上|上述|上面|上面的|下面|下面的|底下|底下的|下头|下头的|下边|下边的|下方|下方的|上面这些|下面这些|上面这几个|下面这几个|\
你说的|你列的|你给的|你发的|你问的|您说的|您列的|列的|列出来的|列出的|给出的|给的|我要的|我想要的|我想问的|我要问的|我问的|我要找的|我想找的|我找的|我说的|我需要的|我指的|我想的|想要的|想问的|要问的|想找的|问的|意思|我的意思|这意思|这个意思|那个意思|我想了解的|我关心的|我的问题|这回事|那回事|这码事|选项里|选项|帮到|帮到我|帮上|帮上我|帮上忙|帮我|帮助|有帮助|用处|有用|回答|回答我|答到|说到|提到|那些个|那几个里|这几个里|相关的|推荐的|列出来的里面|你推荐的|您推荐的|你说的这些|给我的",
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
        Sign::Corrects,
        "不好意思|抱歉|对不起|应该是|应该点|应该选|才是|才对|改成|改为|换成|更正|手滑|手误|手快|口误|其实|其实是|等等|等下|等一下|慢着|哦不|啊不|哎不|噢不|不不|我是说|我说的是|我指的是|我要的是|我想要的是|我想看的是|我本来想",
    ),
    (
        Sign::Act,
        "看|看看|看下|看一下|看一看|瞧|瞧瞧|瞅瞅|选|选择|选一下|选下|点|点开|点一下|点下|点击|按|按下|戳|挑|查|查下|查一下|查查|查看|说|说说|说下|说一下|讲|讲讲|讲下|讲一下|展开|展开说说|详细说说|打开|打开看看|问|问下|问一下|问问|来|来看|介绍|介绍一下|介绍下|解释|解释一下|解释下|回答一下|显示|发|发我|发给我|了解|了解一下|了解下|告诉我|聊聊|聊|讲解|讲解一下|翻到|跳到|走|进",
    ),
    (
        Sign::Filler,
        "我|我想|想|要|我要|选的是|排|排在|排行|列|数|就|就选|就要|就看|就是|应该|好像|好像是|感觉|似乎|恐怕|可能|可能是|大概|大概是|那|那就|那么|就是说|我是问|我是想|我问的是|我想问的是|我要问的是|想问|想问的是|问的是|说的是|指的是|给我|\
帮我|帮忙|请|请问|麻烦|劳烦|烦请|劳驾|拜托|拜托了|麻烦你|麻烦您|麻烦了|辛苦|辛苦了|辛苦你|辛苦您|详细|具体|知道|想知道|先|一下|下|亲|咱|俺|您好|你好|帮|给|替我|打算|准备|希望|愿意|需要|估计|也许|或许|大概率|觉得|我觉得|认为|貌似|看来|肯定|确定|一定|决定|决定了|嗯|恩|嗯嗯|哦|噢|额|呃|诶|唉|哎|啊|呀|吧|嘛|哈|啦|咯|哟|喔|呗|哒|捏|嘞|哩|呐|哇|呦|撒|噻|哎呀|哎哟|啊呀|哈哈|嘿嘿|嘻嘻|呵呵|了|的|个|谢谢|谢谢你|谢谢您|多谢|感谢|\
您|你|好|好的|好吧|好滴|好嘞|行|可以|可能|问题|答案|相关|推荐|关联|链接|按钮|条目|标题|内容|位置|序号|编号|列表|列表里|清单|里|里头|里边|中|当中的|之中|这里|那里|跟|和|与|还是|也|太|大|应该也|真的|真|目前|现在|都看看|一起|说真的|老实说|要不|要不就|并|就行|就好|就可以|即可",
    ),
];

/// What English phrases say. Longer ones go first.
pub(super) const EN: &[(Sign, &str)] = &[
    (
        Sign::Bars,
        "all fine|all great|all perfect|all cool|all i need|all over|all done|all down|a second|a sec|every second|per second|at first|at last|in the first place|one by one|first off|first thing|one time|first of all|one second|one sec|one moment|one minute|one more|one more thing|one thing|one question|one option|quick question|another question|second hand|last two|first two|last three|first three|no problem|all right|for all|right now|i want help",
    ),
    (
        Sign::Else,
        "cannot|can't|cant|won't|wont|is it|are they|is that|is this|do you|are you|can you|could you|would you|did you|will you|what is|what's|i need|not sure|i'm not sure|im not sure|can i|could i|may i|can we|could we|would you mind|do you mind|if you could|if you can|if possible|down|look|looking|check|get|have a look|view|display|expand|explain|describe|clicked|click|tap|press|given|provided|after|help me with|help with|on the screen|screen|spot|position|place|row|line|bullet|bullet point|topic|heading|title|into",
    ),
    (Sign::Seat(Seat::At(0)), "first|former|top|topmost|uppermost|upper|one|very first|very top"),
    (Sign::Seat(Seat::At(1)), "second|two"),
    (Sign::Seat(Seat::At(2)), "third|three"),
    (Sign::Seat(Seat::At(3)), "fourth|forth|four"),
    (Sign::Seat(Seat::At(4)), "fifth|five"),
    (Sign::Seat(Seat::At(5)), "sixth|six"),
    (Sign::Seat(Seat::At(6)), "seventh|seven"),
    (Sign::Seat(Seat::At(7)), "eighth|eight"),
    (Sign::Seat(Seat::FromEnd(0)), "last|latter|bottom|bottommost|final|lowest|lower|very last|very bottom|very end|at the end"),
    (Sign::Seat(Seat::FromEnd(1)), "second last|second to last|last but one|next to last|penultimate|one before last"),
    (Sign::Seat(Seat::Middle), "middle|centre|center|one in the middle|in the middle"),
    (Sign::Other, "other one|the other|the other one|other|the other option"),
    (
        Sign::No,
        "wrong one|the wrong one|wrong button|wrong option|wrong choice|no|nope|nah|naw|wrong|incorrect|negative|not really|not quite|not exactly|not at all|no good|not it|that's not it|thats not it|that is not it|that isn't it|it isn't|it's not|its not|it is not|not that",
    ),
    (Sign::Not, "not|isn't|isnt|aren't|arent|don't|dont|doesn't|doesnt|wasn't|wasnt|weren't|werent|didn't|didnt|nor|never|nothing to do with"),
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
        Sign::Corrects,
        "meant|i meant|meant to|oops|whoops|woops|ooops|oopsie|my bad|my mistake|mistake|by mistake|typo|misclick|misclicked|mistyped|misread|instead|rather|actually|sorry|apologies|scratch that|correction|wait|wait no|no wait|hang on|hold on|should have|should've|shouldve|should of|was supposed to|were supposed to|i take that back|on second thought i want|change it|make it|make that|let me change|changed my mind",
    ),
    (
        Sign::Filler,
        "the|of|and|or|please|pls|plz|thanks|thank|you|thank you|thx|cheers|ta|i|i'm|im|i'd|id|i'll|ill|i've|ive|me|my|mean|want|wanted|would|like|it's|its|it is|it was|is|was|be|are|were|am|that's|thats|that is|that would be|there|do|does|did|think|guess|suppose|believe|probably|maybe|perhaps|possibly|just|with|been|go|go for|going|take|pick|picked|choose|choosing|select|tell|tell me|tell me about|show|show me|open|give|give me|about|more|a bit|try|let's|lets|let's see|lets see|number|nr|num|opt|q|out of|among|amongst|option|options|choice|choices|question|questions|item|items|answer|answers|link|links|button|buttons|entry|entries|the one|ok|okay|well|um|uh|hm|hmm|oh|ah|eh|er|hey|hi|hello|hiya|haha|lol|yo|so|then|but|afraid|really|honestly|unfortunately|for|to|to see|see|hear|read|say|said|at|here|on|on the list|in the list|list|looks|seem|seems|sounds|must|should|could|will|now|first off|quite|thing|things|kindly|how|im afraid|i'm afraid|looking at|has|have|for now|in|any more|sadly|still|again|dear|sir|madam|mate|bro|pal|u|ur|your|you'd|we|us|our|let|lemme|gimme|gonna|wanna|gotta|need|needs|from|that was|down there|up there|over there|as well|chose|chosen|selected|showed|shown|gave|listed|mentioned|proposed|recommended|reckon|feel|hope|definitely|certainly|obviously|clearly|simply|only|also|alright|at all|perfect|great|cool|lovely|fine|no problem|much|appreciated|when|you have|when you can|if|bit|one at|ones at|suggestion|suggestions|way|any chance",
    ),
];

/// English ordinals, which pick also where a line says more.
pub(super) const ORDINALS_EN: &str = "first|second|third|fourth|fifth|last|latter|former|middle|top|bottom";

/// English words in which a slip of the keyboard is mended: those by which something is picked or refused. Of the ordinals, only those of few options, as the
/// later ones are a letter away from fifty and sixty.
pub(super) const MENDED_EN: &str = "first|second|third|middle|bottom|the|one|last|option|number|question|please|thanks|neither|none|sorry|want|mean|meant|that";

/// English words for what is shown to choose from.
pub(super) const THINGS_EN: &str = "option|question|link|item|choice|entry|answer|suggestion|topic|button|bullet|row|line";
/// The same words where there are several, and others that show that a number before them counts.
pub(super) const COUNTED_EN: &str = "options|questions|links|items|choices|entries|answers|suggestions|topics|buttons|bullets|rows|lines|ones|things";
/// English words after which "one" is the number, and not the thing.
pub(super) const NAMES_ONE_EN: &str = "number|nr|option|choice|question|item|link|answer|button|pick|choose|take|select|want|for|with|is|be|say|said|yes|yeah|ok|okay|please|and|or|to|click|press|go|try|like|meant|mean|just|no|it's|its|about";

/// How a clause begins that says which thing it is not about.
pub(super) const CONTRASTS: &str = "不是|并不是|不要|我不是|我不要|我说的不是|我问的不是|not about the|not about|not the|not my|not a|not an|not for|not this|not that|it's not about|it's not the|its not the|it's not a|it's not|i don't mean|i do not mean|i didn't mean|i am not asking about|i'm not asking about|not asking about|i don't want a|i don't want the|i dont want a|i dont want the|don't want a|dont want a|don't want the|i don't need a|i don't need the|不是问|不是说|不是要|不是想|不是想问|不是要问|我不是要|我不是问|我不是说|我不是想|我不想|我没问|没问|不想问|我不问";
/// How one begins that may say so, or tell of a fault.
pub(super) const DENIALS: &str = "not|not to|not how to|i don't want to|i dont want to|i do not want to|don't want to|i'm not|im not|i am not|i wasn't|i didn't|i'm not trying to|not trying to|not looking to|不想|没想|我没想|没有要|没要";
/// Words before them.
pub(super) const BEFORE_CONTRAST: &str =
    "no|no no|nope|nah|but|sorry|hey|well|oh|i said|i meant|i mean|ugh|啊|哎|唉|哎呀|可|可是|但|但是|我说了|我说|都|我这|这";
/// Where such a clause turns to what is wanted, without a mark.
pub(super) const TURNS: &str = "而是|，是|是|是问|是想|是要|我要|我想|我是| but | i want| i need| i mean| i meant| i'm asking| just | i'd like";
/// Words before what is wanted that say nothing of it.
pub(super) const WANTED: &str = "而是|是|but |it's |its |just |rather |instead ";

/// Refusals that may stand before something else without a mark between them.
pub(super) const REFUSALS: &str = "都不是|不对|不是的|不是这个|不是这些|都不对|没有一个是|没有我要的|算了|不用了|no|no no|nope|nah|naw|none|none of these|none of those|none of them|neither|neither of these|neither of them|not that|not this|not that one|not these|not those|no thanks|never mind|nevermind";
/// How something else begins then, in Chinese.
pub(super) const ANEW_ZH: &str = "我想|我要|我问|我是|我说|我在|我就|我现在|我人|我的意思|怎么|帮我|请问";
/// The same in English.
pub(super) const ANEW_EN: &str = "i|i'm|im|i've|ive|i'd|id|my|we|it's|its|how|what|what's|where|where's|when|why|can|could|do|does|did|is|are|am|please|actually|just|sorry|tell|show|help|he|she|they|there|there's|someone|somebody";

/// How somebody begins to say what they will do themselves, and what shows that something is wanted all the same; in Chinese.
pub(super) const LEAVES_ZH: (&str, &str) = (
    "我自己|我还是自己|自己|那我自己|还是我自己|那还是我自己|我还是去|我去|那我去|我直接去|我再|我先|我改天|我明天|我下次|我回头|我打|我直接打|还是去|直接去|去|那我|等我|我等|我回",
    "怎么|咋|吗|么|什么|哪|不了|没|坏|断|去年|多少|几|能不能|可不可以|我想问|我要问|帮我|请问|告诉我|如何|可以|想查|想问|想办|办不|为什么|要不要",
);
/// The same in English.
pub(super) const LEAVES_EN: (&str, &str) = (
    "i'll|ill|i will|i'm going to|im going to|i am going to|i'm gonna|im gonna|i'd rather|i would rather|i can|i think i'll|i think ill|i guess i'll|i'll just|gonna|going to|let me|i found|i've found|i got|i figured|i sorted|sorted",
    "how|what|what's|where|where's|when|why|which|who|can you|could you|tell me|help|can't|cant|cannot|need|want",
);

/// Words before what somebody will do themselves, and how they say that it is they who do it.
pub(super) const RESIGNS: (&str, &str) = (
    "行吧|行|好吧|好|那|哦|噢|唉|哎|嗯|ok|okay|oh well|well|fine|alright|right then|right|oh|ah|that's ok|that's fine|it's ok|its ok|it's fine|no worries|no problem|no bother",
    "自己去|自己来|自己查|自己看|自己办|自己弄|自己想|自己打|自己搞|自己解决|自己处理|自己试|自己问|自己找|自己联系|自己琢磨|自己研究|自己再|myself|by myself|on my own",
);

/// What points at something by what it is called: behind it in Chinese, around it in English.
pub(super) const CALLED_ZH: &str = "那个|那条|那一个|那一条|那个问题|那条问题|那一项|那项|的那个|的那条|这个|这条|那个吧|那个呢|那条吧|那个谢谢";
/// Words before and behind such a name in English.
pub(super) const CALLED_EN: [&str; 2] =
    ["the one about|one about|the one on|the one with|the one for|the one that says|the question about|about the|the", "one|question|option|thing|link"];
