//! Identifiers: a newtype over UUIDv7 for each kind of thing, so that a unit's id is never taken
//! for a person's. They are made by `foundation::platform` only.

use std::{fmt, str::FromStr};

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A human being, however many hats.
    PersonId;
    /// A sign-in of a person.
    AccountId;
    /// A signed-in browser.
    SessionId;
    /// A role given to an account.
    GrantId;
    /// A one-use secret sent by mail.
    TicketId;
    /// An entry of the audit trail.
    AuditId;
    /// A consent given by a person.
    ConsentId;
    /// A span of a person's time that is taken.
    CommitmentId;
    /// An organisation of the alliance.
    UnitId;
    /// A council term (理事会届次).
    TermId;
    /// A unit's contact (联络员).
    ContactId;
    /// An expert of the pool, from the first draft of the recommendation on.
    ExpertId;
    /// An interest that an expert declares.
    InterestId;
    /// A span of days on which an expert is away.
    AbsenceId;
    /// A stored file.
    FileId;
    /// A mail to one recipient.
    MailId;
    /// A firing of a cron rule.
    SlotId;
    /// A request of a member for expert help.
    ConsultationId;
    /// Places to be filled by experts.
    PanelId;
    /// A matching run over panels.
    RunId;
    /// An expert chosen for a place of a panel.
    AssignmentId;
    /// An invitation sent to an expert for an assignment.
    InvitationId;
    /// A change of a unit's standing.
    TierChangeId;
    /// A change of an expert's state.
    ExpertChangeId;
    /// A recusal of a panel.
    RecusalId;
    /// A wish of a requester.
    WishId;
    /// A hand on the matching.
    AdjustmentId;
    /// An expert chosen by a run.
    ChoiceId;
    /// An event of a consultation.
    ConsultationEventId;
    /// An expert's written opinion.
    OpinionId;
    /// Seats with a queue.
    RegistrationId;
    /// A person in the queue of a registration.
    EnrolmentId;
    /// A seat kept for somebody for a time.
    OfferId;
    /// A span of time for which people sign in.
    SittingId;
    /// A note of who was at a sitting.
    AttendanceId;
    /// What somebody typed into an open form.
    ApplicationId;
    /// What a unit wants its people to learn.
    NeedId;
    /// A unit's joining of a need.
    VoiceId;
    /// A course.
    CourseId;
    /// A part of a course's syllabus.
    PartId;
    /// A training base.
    BaseId;
    /// A room of a training base.
    RoomId;
    /// A course that is held once.
    CourseRunId;
    /// A lesson of a run.
    LessonId;
    /// A room taken for a lesson.
    BookingId;
    /// What is known about a participant's fee.
    FeeId;
    /// An event of a run.
    CourseRunEventId;
    /// A mark of a participant.
    MarkId;
    /// A certificate of a participant.
    CertificateId;
    /// What a participant thought of a run.
    FeedbackId;
    /// What a participant thought of a lesson.
    RatingId;
    /// Places that a unit offers for visits.
    VisitOfferId;
    /// A stay that a unit asks for.
    VisitWishId;
    /// Somebody who is to go on such a stay.
    VisitWishPersonId;
    /// A visit of people of one unit with another.
    VisitId;
    /// A version of the terms of a visit.
    VisitTermsId;
    /// Somebody on a visit.
    VisitorId;
    /// A report about a visit.
    VisitReportId;
    /// An event in the history of what the exchange group keeps.
    ExchangeEventId;
    /// A joint project of several units.
    CooperationId;
    /// A unit in a joint project.
    CooperationUnitId;
    /// Somebody in a joint project.
    CooperationPersonId;
    /// What a joint project is to bring.
    DeliverableId;
    /// A committee or working group.
    CommitteeId;
    /// A unit in a committee.
    CommitteeUnitId;
    /// A person's office in a committee.
    CommitteePersonId;
    /// An event of a committee.
    CommitteeEventId;
    /// A study of a committee.
    StudyId;
    /// A milestone of a study.
    MilestoneId;
    /// What was filed for a milestone.
    StudyReportId;
    /// An event of a study.
    StudyEventId;
    /// A request referred to a committee.
    ReferralId;
    /// A meeting of the alliance.
    MeetingId;
    /// A unit that ought to come to a meeting.
    MeetingUnitId;
    /// An application for a seat in the standing council.
    StandingApplicationId;
    /// An expert's answer to another term.
    RenewalId;
    /// A forum or another activity.
    ForumId;
    /// A part of a forum's programme.
    ForumItemId;
}
