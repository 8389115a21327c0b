import { reactive } from "vue";
import { t } from "../common/display";
import type { components } from "../common/types/intake";
import type { CaseIn } from "./outbox";

type Schemas = components["schemas"];
type Words<Id extends string> = readonly (readonly [Id, string, string])[];

export const KINDS: Words<Schemas["IdKind"]> = [
  ["resident_id", "居民身份证", "Resident ID card"],
  ["hk_macao_permit", "港澳居民来往内地通行证", "Hong Kong or Macao permit"],
  ["taiwan_permit", "台湾居民来往大陆通行证", "Taiwan permit"],
  ["hmt_residence_permit", "港澳台居民居住证", "Residence permit"],
  ["foreign_permanent_resident", "外国人永久居留身份证", "Permanent resident card"],
  ["passport", "护照", "Passport"],
];
export const POWERS: Words<Schemas["Power"]> = [
  ["submit", "代为提交", "Hand in the application"],
  ["correct", "补正、补交材料", "Correct and supplement papers"],
  ["collect", "领回原件", "Take back originals"],
  ["withdraw", "撤回申请或同意", "Take the application back"],
];
export const GUARDIANSHIPS: Words<Schemas["Guardianship"]> = [
  ["parent", "父母", "Parent"],
  ["spouse", "配偶", "Spouse"],
  ["child", "子女", "Child"],
  ["grandparent", "祖父母、外祖父母", "Grandparent"],
  ["sibling", "兄弟姐妹", "Sibling"],
  ["appointed", "指定或协议监护人", "Appointed or by agreement"],
];
export const RELATIONS: Words<Schemas["Relation"]> = [
  ["spouse", "配偶", "Spouse"],
  ["child", "子女", "Child"],
  ["grandchild", "孙子女、外孙子女", "Grandchild"],
  ["parent", "父母", "Parent"],
  ["grandparent", "祖父母、外祖父母", "Grandparent"],
  ["sibling", "兄弟姐妹", "Sibling"],
  ["other", "其他", "Other"],
];
export const ACTINGS: Words<Schemas["Acting"]> = [
  ["applicant", "申请人本人", "the applicant"],
  ["guardian", "监护人", "the guardian"],
  ["agent", "受托人", "the entrusted person"],
];
export const SIGNINGS: Words<Schemas["SignedHow"]> = [
  ["by_hand", "手写签名", "By hand"],
  ["fingerprint", "按手印", "Fingerprint"],
  ["e_signature", "电子签名", "Electronic signature"],
];

/** What one of such words means in the language of the page. */
export function meant<Id extends string>(words: Words<Id>, id: Id): string {
  const found = words.find(([one]) => one === id);
  return found ? t(found[1], found[2]) : id;
}

/** Somebody as they are typed in. */
export interface Who {
  name: string;
  kind: Schemas["IdKind"];
  number: string;
  mobile: string;
  address: string;
}

function who(of?: { name: string; id_document: Schemas["IdDocument"]; mobile?: string | null; address?: string | null } | null): Who {
  const { kind = "resident_id", number = "" } = of?.id_document ?? {};
  return { name: of?.name ?? "", kind, number, mobile: of?.mobile ?? "", address: of?.address ?? "" };
}

function document({ kind, number }: Who): Schemas["IdDocument"] {
  return { kind, number };
}

function person(of: Who): Schemas["PersonIn"] {
  return { name: of.name, id_document: document(of), mobile: of.mobile, address: of.address || null };
}

export interface Agent extends Who {
  scope: Schemas["Power"][];
  begins_on: string;
  ends_on: string;
  document: string;
  seen: boolean;
}

export interface Guardian extends Who {
  relation: Schemas["Guardianship"];
}

export interface Member extends Who {
  relation: Schemas["Relation"];
  by: "member" | "guardian";
  agreed: boolean;
}

/** Everybody on the applicant's side of a case that is being taken in. */
export interface Side {
  applicant: Who;
  agent: Agent | null;
  guardian: Guardian | null;
  household: Member[];
}

export function newAgent(of?: CaseIn["agent"]): Agent {
  const letter = of?.entrustment;
  return {
    ...who(of),
    scope: letter?.scope ? [...letter.scope] : ["submit", "correct", "collect"],
    begins_on: letter?.begins_on ?? "",
    ends_on: letter?.ends_on ?? "",
    document: letter?.document ?? "",
    seen: letter ? !!letter.seen_by : false,
  };
}

export function newGuardian(of?: CaseIn["guardian"]): Guardian {
  return { ...who(of), relation: of?.relation ?? "parent" };
}

export function newMember(of?: Schemas["MemberIn"]): Member {
  return { ...who(of), relation: of?.relation ?? "spouse", by: of?.consent.by ?? "member", agreed: !!of };
}

/** The side of a case as it was typed before, or an empty one. */
export function sideOf(was?: CaseIn | null): Side {
  return reactive({
    applicant: who(was?.applicant),
    agent: was?.agent ? newAgent(was.agent) : null,
    guardian: was?.guardian ? newGuardian(was.guardian) : null,
    household: (was?.household ?? []).map(newMember),
  });
}

/** What of a case its people are; `clerk` is whoever has looked at the letter. */
export function peopleIn(side: Side, clerk: string): Pick<CaseIn, "applicant" | "agent" | "guardian" | "household"> {
  const { agent, guardian } = side;
  return {
    applicant: person(side.applicant),
    agent: agent && {
      ...person(agent),
      entrustment: {
        scope: agent.scope,
        begins_on: agent.begins_on,
        ends_on: agent.ends_on,
        document: agent.document || null,
        seen_by: agent.seen ? clerk : null,
      },
    },
    guardian: guardian && { ...person(guardian), relation: guardian.relation },
    household: side.household.map((one) => ({
      name: one.name,
      id_document: document(one),
      mobile: one.mobile || null,
      relation: one.relation,
      consent: { given: true, by: one.by },
    })),
  };
}
