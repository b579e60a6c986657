@path: '/api/data/v9.2'
service Bench {
  entity accounts {
    key accountid                 : UUID;
        name                      : String(160);
        accountnumber             : String(20);
        telephone1                : String(50);
        emailaddress1             : String(100);
        websiteurl                : String(200);
        numberofemployees         : Integer;
        revenue                   : Decimal(19, 4);
        creditonhold              : Boolean;
        address1_city             : String(80);
        address1_country          : String(80);
        contact_customer_accounts : Association to many contacts
                                      on contact_customer_accounts.parentcustomerid = $self;
  }

  entity contacts {
    key contactid        : UUID;
        firstname        : String(50);
        lastname         : String(50);
        emailaddress1    : String(100);
        jobtitle         : String(100);
        parentcustomerid : Association to accounts;
  }
}
