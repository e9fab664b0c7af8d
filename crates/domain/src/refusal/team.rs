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
            /// The member is disabled.
            MemberDisabled,
            /// A different group already has this name.
            GroupNameTaken,
            /// The group still has members.
            GroupInUse,
            /// A different role already has this name.
            RoleNameTaken,
            /// The role still has members.
            RoleInUse,
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
            /// A different queue already has this name.
            QueueNameTaken,
            /// The queue is still used by sites or conversations.
            QueueInUse,
            /// The queue would be left without members.
            QueueNeedsMember,
        ] $($others)* }
    };
}
pub(super) use team;
