//! The staff, its groups and queues.

macro_rules! team {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The text is not an e-mail address.
            EmailInvalid,
            /// A member of staff of the company already has this address.
            EmailTaken,
            /// The name is deceptive: a reader could take it for a different one.
            NameDeceptive,
            /// The last administrator cannot lose that role.
            LastAdministrator,
            /// The member already has a password.
            AlreadyJoined,
            /// The member signs in with this address, which only administrators change.
            AddressKept,
            /// The member is disabled.
            MemberDisabled,
            /// A different kind of question already has this name.
            QuestionKindNameTaken,
            /// The company has as many kinds of question as it may.
            TooManyQuestionKinds,
            /// A different group already has this name.
            GroupNameTaken,
            /// The group still has members.
            GroupInUse,
            /// A different role already has this name.
            RoleNameTaken,
            /// The role still has members.
            RoleInUse,
            /// Single sign-on gives this role.
            RoleInSingleSignOn,
            /// The rules of signing in name this role.
            RoleInSignInRules,
            /// The company has composed as many roles as it can.
            TooManyRoles,
            /// A different department in the same place already has this name.
            DepartmentNameTaken,
            /// A department would be part of itself.
            DepartmentCircle,
            /// The departments would have too many levels.
            DepartmentsTooDeep,
            /// The company has as many departments as it can have.
            TooManyDepartments,
            /// The member was removed.
            MemberRemoved,
            /// The member still has conversations: nobody has said where they go.
            MemberHasWork,
            /// A different queue already has this name.
            QueueNameTaken,
            /// The queue is still used by sites or conversations.
            QueueInUse,
            /// The queue would be left without members.
            QueueNeedsMember,
            /// What waits in the queue would flow over in a circle.
            QueueOverflowCircle,
            /// A different skill already has this name.
            SkillNameTaken,
            /// The skill is still asked for, or some members have it.
            SkillInUse,
            /// The company has as many skills as it can have.
            TooManySkills,
            /// The company has as many announcements as it may.
            TooManyAnnouncements,
            /// The company has as many tokens as it may.
            TooManyTokens,
            /// A token can be given only what its maker holds.
            NotYoursToGive,
        ] $($others)* }
    };
}
pub(super) use team;
