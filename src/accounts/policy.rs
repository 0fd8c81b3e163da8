//! The policy: who may do what. One pure function over plain values; it queries nothing.

use entity::{
    ids::{CommitteeId, PersonId, UnitId},
    role_grant::Role,
};

use super::{Actor, Grant};

/// Everything that can be done by someone signed in. Each route names one; use cases name them too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See and end one's own sessions, change one's own password.
    OwnAccount,
    /// See the page of what is due.
    Home,

    /// See the list and pages of units.
    ReadUnits,
    /// Change units, tiers and council terms.
    ManageUnits,
    /// See a unit's contacts.
    ReadContacts,
    /// Invite, hand over and close contacts of a unit.
    ManageContacts,
    /// Give and take roles of the secretariat and the groups.
    ManageRoles,
    /// Ask for another sign-in address of somebody else; of the secretariat's own people only with
    /// [`Self::ManageRoles`].
    ChangeAddresses,
    /// Read the audit trail.
    ReadAudit,

    /// See experts with their profile, contact data masked.
    ReadExperts,
    /// See an expert's contact data in full; each look is recorded.
    RevealContact,
    /// Draft, send and withdraw a recommendation of a unit.
    RecommendExpert,
    /// Check, approve or return a recommendation; end an engagement.
    DecideRecommendation,
    /// Add a guest expert, import engaged experts.
    ManageExperts,
    /// See and keep one's own expert page.
    OwnExpertPage,

    /// See consultations.
    ReadConsultation,
    /// File, change and withdraw a consultation of a unit.
    FileConsultation,
    /// Take in, complete, return or refuse a consultation; name the head of a panel.
    HandleConsultation,
    /// Confirm a conclusion, ask again, rate.
    ConfirmConsultation,
    /// Coverage of the pool while filing: numbers, not names.
    SeeCoverage,

    /// See committees and working groups with their units and people.
    ReadCommittees,
    /// Found, change, promote and dissolve committees; name their units.
    ManageCommittees,
    /// Apply for a unit to take part in a committee, and leave it.
    JoinCommittee,
    /// Admit units to a committee, appoint its people, plan and review its studies, answer what is
    /// referred to it.
    RunCommittee,
    /// See studies with their reports.
    ReadStudies,
    /// See meetings of the assembly and of the council.
    ReadMeetings,
    /// Plan and call meetings, record who came, send minutes; record nominations and votes.
    ManageMeetings,
    /// Answer for a unit whether it comes to a meeting; apply for a seat in the standing council.
    ActInCouncil,

    /// See panels, runs and invitations.
    ReadPanels,
    /// Run the match, pin, exclude, hand in for approval; record answers; ask reserves.
    PrepareRun,
    /// Approve or return a run.
    ApproveRun,

    /// See registrations with the people in them.
    ReadRegistrations,
    /// Fill seats by hand, note attendance. Which registrations is for their owner to say.
    ManageRegistrations,
    /// Enrol people of one's unit, agree to those who enrolled by themselves.
    EnrolPeople,
    /// Everything of training: needs, courses, runs, bases.
    ManageTraining,
    /// See visits, offers and wishes of a unit, or all of them.
    ReadExchange,
    /// See what units offer to each other.
    BrowseExchange,
    /// Offer places, ask for a stay, approve, confirm and report for a unit.
    FileExchange,
    /// See courses, runs, bases, fees, and needs with the units behind them.
    ReadTraining,
    /// See what is asked for: members see numbers of others.
    SeeNeeds,
    /// State, change, withdraw and join training needs of a unit.
    StateNeed,
    /// Say whether a room of a base that the unit hosts can be had.
    AnswerBooking,
    /// Everything of exchange: bring units together, close what is done; forums.
    ManageExchange,

    /// See the mail list and the run ledger.
    ReadOperations,
    /// Hold, release and retry mails; run a rule again; import the calendar.
    ManageOperations,
    /// See pictures and figures over all bodies.
    ReadOverview,
    /// Read mails of the local mailbox (demo and development only).
    ReadMailbox,
    /// Print papers of what one may see.
    ReadPapers,
}

impl Action {
    /// All of them, for the walk over router and policy.
    pub const ALL: &[Self] = &[
        Self::OwnAccount,
        Self::Home,
        Self::ReadUnits,
        Self::ManageUnits,
        Self::ReadContacts,
        Self::ManageContacts,
        Self::ManageRoles,
        Self::ChangeAddresses,
        Self::ReadAudit,
        Self::ReadExperts,
        Self::RevealContact,
        Self::RecommendExpert,
        Self::DecideRecommendation,
        Self::ManageExperts,
        Self::OwnExpertPage,
        Self::ReadConsultation,
        Self::FileConsultation,
        Self::HandleConsultation,
        Self::ConfirmConsultation,
        Self::SeeCoverage,
        Self::ReadCommittees,
        Self::ManageCommittees,
        Self::JoinCommittee,
        Self::RunCommittee,
        Self::ReadStudies,
        Self::ReadMeetings,
        Self::ManageMeetings,
        Self::ActInCouncil,
        Self::ReadPanels,
        Self::PrepareRun,
        Self::ApproveRun,
        Self::ReadRegistrations,
        Self::ManageRegistrations,
        Self::EnrolPeople,
        Self::ManageTraining,
        Self::ReadExchange,
        Self::BrowseExchange,
        Self::FileExchange,
        Self::ReadTraining,
        Self::SeeNeeds,
        Self::StateNeed,
        Self::AnswerBooking,
        Self::ManageExchange,
        Self::ReadOperations,
        Self::ManageOperations,
        Self::ReadOverview,
        Self::ReadMailbox,
        Self::ReadPapers,
    ];
}

/// Whose a thing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// The unit that it belongs to.
    pub unit: Option<UnitId>,
    /// The person that it is about.
    pub person: Option<PersonId>,
    /// The committee that it belongs to.
    pub committee: Option<CommitteeId>,
}

impl Owner {
    /// Belongs to the alliance as a whole.
    pub const ALLIANCE: Self = Self {
        unit: None,
        person: None,
        committee: None,
    };

    /// Belongs to a unit.
    pub fn unit(unit: UnitId) -> Self {
        Self {
            unit: Some(unit),
            ..Self::ALLIANCE
        }
    }

    /// Is about a person.
    pub fn person(person: PersonId) -> Self {
        Self {
            person: Some(person),
            ..Self::ALLIANCE
        }
    }

    /// Belongs to a committee.
    pub fn committee(committee: CommitteeId) -> Self {
        Self {
            committee: Some(committee),
            ..Self::ALLIANCE
        }
    }
}

/// Whether `actor` may do `action` to what `owner` describes.
pub fn allows(actor: &Actor, action: Action, owner: &Owner) -> bool {
    actor
        .grants
        .iter()
        .any(|grant| role_allows(grant.role, action, scope(actor, grant, owner)))
}

/// Whether some role of `actor` has `action` at all: the guard of a route, before its owner is known.
pub fn may_enter(actor: &Actor, action: Action) -> bool {
    actor
        .grants
        .iter()
        .any(|grant| role_allows(grant.role, action, Scope::Own))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Own,
    Other,
}

fn scope(actor: &Actor, grant: &Grant, owner: &Owner) -> Scope {
    let own_unit = grant.unit.is_some() && owner.unit == grant.unit;
    let own_committee = grant.committee.is_some() && owner.committee == grant.committee;
    let own_person = owner.person == Some(actor.person);
    if own_unit || own_committee || own_person {
        Scope::Own
    } else {
        Scope::Other
    }
}

fn role_allows(role: Role, action: Action, scope: Scope) -> bool {
    use Action::*;
    let own = scope == Scope::Own;
    match role {
        // The secretariat handles; it neither decides alone nor acts in a unit's name.
        Role::Handler => !matches!(
            action,
            RecommendExpert
                | FileConsultation
                | DecideRecommendation
                | ApproveRun
                | OwnExpertPage
                | ConfirmConsultation
                | JoinCommittee
                | ActInCouncil
                | ManageRoles
                | ManageRegistrations
                | EnrolPeople
                | ManageTraining
                | FileExchange
                | ManageExchange
                | StateNeed
                | AnswerBooking
        ),
        Role::Approver => matches!(
            action,
            OwnAccount
                | Home
                | ReadUnits
                | ReadContacts
                | ManageRoles
                | ChangeAddresses
                | ReadAudit
                | ReadExperts
                | DecideRecommendation
                | ReadConsultation
                | SeeCoverage
                | ReadCommittees
                | ReadStudies
                | ReadMeetings
                | ReadPanels
                | ReadRegistrations
                | ReadTraining
                | SeeNeeds
                | ApproveRun
                | ReadExchange
                | BrowseExchange
                | ReadOperations
                | ReadOverview
                | ReadMailbox
                | ReadPapers
        ),
        Role::Contact => match action {
            OwnAccount | Home | SeeCoverage | SeeNeeds | ReadCommittees | BrowseExchange => true,
            JoinCommittee | ReadMeetings | ActInCouncil | ReadContacts | ManageContacts
            | RecommendExpert | ReadExperts | ReadConsultation | FileConsultation
            | ConfirmConsultation | ReadPapers | ReadRegistrations | EnrolPeople | StateNeed
            | AnswerBooking | ReadExchange | FileExchange => own,
            _ => false,
        },
        Role::Training => {
            matches!(
                action,
                ManageTraining | ReadTraining | SeeNeeds | AnswerBooking
            ) || group_allows(action)
        }
        Role::Exchange => {
            matches!(action, ReadExchange | BrowseExchange | ManageExchange) || group_allows(action)
        }
        Role::Committee => match action {
            OwnAccount | Home | ReadUnits | ReadCommittees => true,
            RunCommittee | ReadStudies => own,
            _ => false,
        },
        Role::Expert => matches!(action, OwnExpertPage) && own,
    }
}

/// What every working group may do beside its own matter.
fn group_allows(action: Action) -> bool {
    use Action::*;
    matches!(
        action,
        OwnAccount
            | Home
            | ReadUnits
            | ReadCommittees
            | ReadRegistrations
            | ManageRegistrations
            | ReadPapers
    )
}
