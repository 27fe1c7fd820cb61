"""Pages of clubs that do not exist, which differ from each other as much as pages may."""

from __future__ import annotations

PAGES = {
    "privacy": """\
ZKRC-014 | Berlin | 28.06.2024 | Privacy

Semaphore: Anonymous Signalling

Presented by Ana Müller; reviewed by Zoë

TL;DR
Prove that you are in a group without saying who you are.

WHY IT'S IMPORTANT:
Votes leak. This stops it.

About the Authors

Barry WhiteHat: Researcher at the EF.
Kobi Gurkan — cryptographer.

Opinion of Mohamed
I like it. But trusted setup is a pain.

Community Opinions (Discord)

Trusted setup
Nobody likes it (Ana & Zoë).
It is fine, really (Sid and Chris)

Speed
- Slow on phones (Ольга).
- Fast enough (李伟)

In-Depth Summary

Introduction p. 1–3: Motivation: People need privacy. Problem: Votes are public.
Circuits, pp 4-9
Poseidon: A hash. EdDSA: A signature scheme.
Pages 10 to 12: Benchmarks
Proofs take 10x-20x longer. From 2017-2019 nobody cared about GPT-4 or ERC-20.

Referenzen

https://semaphore.pse.dev, see also (https://github.com/x/y).
""",
    "defi": """\
DEFI-3 · June 28, 2024 · DeFi

Uniswap v2 Core
by Ana (presenter, tg: @ana_x), Ben, and Chloé (chloe@example.org, x: @chloe)

The second version of the protocol that swaps any pair of tokens for each other.

Lite summary:
1. Pairs: Any two tokens.
2. Oracles: Prices over time.
3. Flash swaps

Notes:
- first note (ana)
- second note
- See https://uniswap.org/whitepaper.pdf.

Open Questions

Who pays the fees?
What about MEV?
""",
    "keyed": """\
Title: Bitcoin: A Peer-to-Peer Electronic Cash System
Code: WPRC-001
Date: 31 October 2008
Category: Money
Contributors: Ana · Bo · Čeněk (notes)
Authors: Satoshi Nakamoto

SUMMARY

A chain of blocks.

Detailed Summary of Part (iii)

Transactions
An electronic coin is a chain of signatures.

Timestamp Server
The solution begins with a timestamp server.

Summary

A second summary, doubled.
""",
    "raft": """\
WPRC-020 - SG - 2024/06 - Consensus

The Raft Paper

Contributors
Ana / Bo / Zoë

Why this matters
Because.

In-depth summary

1. Leader election (pp. 3-5): Terms: Each term has one leader. Votes: One per server.
2. Log replication (pp. 6-8)
   • Matching: logs agree
       ◦ Proof: by induction
   • Commit: majority
3. Safety (p. 9)
   A leader has all entries.

Join us

Come on Friday!
""",
    "french": """\
WPRC-021
28 juin 2024
Le protocole

Résumé
Un protocole.

Community

Great read overall, said everyone.

(i) Speed: fast (Ana). (ii) Cost: low (Bo, Čeněk).

What next?

We should read WPRC-022 (Ana).
""",
    "wrapped": """\
Whitepaper Reading Club
WPRC-031• SG• 2025. 02• Consensus

HotStuff: BFT Consensus with Linearity and Responsiveness

A leader-based Byzantine fault-tolerant replication protocol for the partially
synchronous model. Once network communication becomes synchronous, it enables a
correct leader to drive the protocol to consensus.

Contributors
Ольга, Jürgen van der Berg, 李伟

Summary:
HotStuff is linear in the number of replicas, and it is the first protocol of
its kind. The view change is as simple as the normal case.

Why Is This Important?

Because Libra used it.

Paper Authors

Maofan Yin

PhD student at Cornell.

Dahlia Malkhi

Researcher at VMware.

Opinions (Ольга & Jürgen van der Berg)

Ольга: Very elegant.

Jürgen van der Berg: I prefer Tendermint.

Community Opinions

Responsiveness

Needs a longer discussion, since most of us did not
follow the lower bound (Ольга). Then the second thing
was unclear as well.

Notes

Read the Tendermint paper (jürgen van der berg)

In-depth Summary of the paper

Model S. 3-5: Assumptions: n = 3f + 1 replicas. Network: partial synchrony.

The protocol
Pages 6-9
Phases: Prepare, pre-commit, commit. Each has one quorum.
Safety: Proof by locks.

Chained HotStuff [12-10] Pipelining: Phases overlap.

Evaluation (p. 11): Throughput: as BFT-SMaRt (see Fig. 3-4). Latency: lower with 10-20 replicas.

Links

https://arxiv.org/abs/1803.05069
""",
    "reordered": """\
WPRC-032 | 2023 | AI

Attention Is All You Need
Just attention

Notes

Corticol Labs is doing research using octopus neurons to build chips (sid)

Opinions - Sid

It works.

Community opinions:

I liked the diagrams (Sid).
The maths was too fast (Ana, Zoë; Bo).
Someone said it is like a database (e.g., a key-value store).
Use of (ZK) is not clear (ZK).

Contributors: Sid (presenter), Ana & Zoë

Join Us

RSVP
""",
    "unranged": """\
June 2024

WPRC-033 · AI

Detailed Summary

Overview: The paper has three parts.

Part 1: Model
Deep nets.

Part 2: Data
Lots of it.
""",
    "banner_first": """\
ETHRC 2025#7

EIP-1559

A fee market change

Abstract

Base fee is burned. Tips go to miners.

Lite Summary

The paper says: (1) Base fee: burned; (2) Tips: paid. (3) Blocks: elastic

Questions

(a) Is it deflationary?
(b) Who pays?

In-depth

Motivation 1-2 Fees were volatile. Users overpaid.
Specification, 3-5
- Base fee: adjusts by 12.5%
- Elasticity: 2x
Security considerations: 6-7
Miners may collude. Call 555-1234 or see 24-7 coverage 2017-2019.
""",
}
