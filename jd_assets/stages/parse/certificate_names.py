"""Certificates, licences and memberships that go by a short name of their own."""

SURE = (
    "PMP", "CAPM", "PRINCE2 Practitioner", "PRINCE2", "Prince2 Practitioner", "Prince2", "PgMP",
    "PMI-ACP", "CSM", "CSPO", "PSM I", "PSM II", "PSM", "SAFe Agilist", "CFA", "FRM", "CQF", "CPA",
    "ACCA", "CIMA", "CISSP", "CISM", "CISA", "CRISC", "CGEIT", "CEH", "OSCP", "OSCE", "GIAC", "GCIH",
    "GSEC", "CCSP", "CCSK", "SSCP", "Security+", "Network+", "CySA+", "CompTIA A+", "CCNA", "CCNP",
    "CCIE", "CCDA", "CCENT", "MCSE", "MCSA", "MCP", "RHCE", "RHCSA", "CKA", "CKAD", "CKS", "OCP", "OCA",
    "OCJP", "SCJP", "TOGAF", "PHR", "SPHR", "SHRM-CP", "SHRM-SCP", "GPHR", "CIPD", "CPIM", "CSCP", "CPSM",
    "ASQ", "CSSBB", "CSSGB", "CBAP", "CCBA", "ISTQB", "LEED AP", "LEED", "NEBOSH", "IOSH", "OSHA 10",
    "OSHA 30", "ACLS", "BLS", "PALS", "NRP", "TNCC", "CPR", "CNA", "LCSW", "LMSW", "LPC", "BCBA", "CCRN",
    "CRNA", "CDL", "CAMS", "CFE", "CIA", "CFP", "ChFC", "CLU", "CPCU", "CEBS", "FINRA", "Series 6",
    "Series 7", "Series 63", "Series 65", "Series 66", "EIT", "CMA", "QTS", "OSHA 10-Hour",
    "OSHA 30-Hour", "OSHA 10-hour", "OSHA 30-hour", "CRCM", "CIPP", "CCRP", "CRA certification", "ASE",
    "AWS CWI", "API 510", "API 570", "CMI", "ServSafe", "TESOL", "TEFL", "CELTA", "NREMT", "EMT-B",
    "EMT-P", "RRT", "ARRT", "RDMS", "CPhT", "RHIT", "RHIA", "CNOR", "CMSRN", "CWOCN", "LMHC", "LMFT",
    "LCPC", "LPCC", "CADC", "CASAC", "CHES", "AICP", "CPSI", "CPRP", "CFRE", "CPPO", "CPPB", "BCLS",
    "AAT", "CIPS", "CSCS", "PGCE", "MRICS", "ICAEW", "NCIDQ", "NICET", "PTCB", "NBCOT", "COTA", "CRCST",
    "RCIS", "RPSGT", "ENPC", "AHIMA", "AAPC", "CMRP", "CPESC", "CISR", "CPHQ", "CHRP", "CHRL", "SIOR",
    "CFPS", "CCIM", "MSHA", "MCSD", "MCTS", "MCITP", "GICSP", "CGRC", "MRTPI", "CIPFA", "MCLIP", "TCOLE",
    "GISP", "STCW", "MCIPS", "MCIOB", "FRICS", "AssocRICS", "MCIPD", "ACIPD", "FCIPD",
    "IOSH Managing Safely", "CFCM", "NCRA", "CISEC", "CPSWQ", "CWI", "CGFM", "CHMM", "HAZWOPER", "TWIC",
    "NCCCO", "EPA 608", "EPA Section 608",
)  # fmt: skip
"""Names that stand for a certificate wherever they are asked for."""

UNSURE = tuple(
    """ITIL CIA CMA OCP OCA ASE MCP PE RN LPN LVN CA CS ICWA CNA ASQ LEED GIAC OSHA PSM EIT CRA FINRA HCPC NMC
    GMC GPhC RTPI RICS CIPD CILIP POST IFRS EMT AED CSP CIH CPC CIC CPP CCS CEN OCN CCM CRT RD PLS CFM
    NATE CMP CAE ACA""".split()
)
"""Names that are also a body of knowledge, a school or a word: they count only beside certificate words, or
in slashes with another."""
