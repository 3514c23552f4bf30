#include "storage/study_store.h"
#include "security/keys.h"
#include "support/made_study.h"
#include <iostream>
#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <random>
using namespace consilium;
// make_many FOLDER SITES ROUNDS
int main(int c, char**v){
  int sites=std::stoi(v[2]), rounds=std::stoi(v[3]);
  Plan plan; plan.task="ms-lesions"; plan.data.channels={"FLAIR","T1"}; plan.data.labels={"background","lesion"};
  plan.preprocessing.normalisation={"zscore","zscore"}; plan.training.batchesPerEpoch=50; plan.federation.rounds=rounds+10;
  auto key=test::must(security::PrivateKey::generate());
  storage::StudyManifest m{"00112233445566778899aabbccddeeff","Thousand light sites",plan,toIso(now()),key.publicPem(),{}};
  auto store=test::must(storage::StudyStore::create(v[1],m,key.toPem()));
  std::mt19937 rng(3); std::normal_distribution<double> n;
  test::must(store->setValue("state","running")); test::must(store->setValue("started",toIso(now()-std::chrono::minutes(30))));
  test::must(store->setValue("round",std::to_string(rounds))); test::must(store->setValue("bestRound",std::to_string(rounds-1)));
  for(int r=1;r<=rounds;++r){ test::must(store->setRound(r,RoundState::Training)); }
  for(int r=1;r<rounds;++r) test::must(store->setRound(r,RoundState::Closed, ""));
  store.reset();
  SQLite::Database db(std::string(v[1])+"/study.db", SQLite::OPEN_READWRITE);
  SQLite::Transaction t(db);
  SQLite::Statement s(db,"INSERT INTO sites (name,node_id,token_hash,public_key,online,last_seen,training_cases,bytes_received,bytes_sent) VALUES (?,?,?,?,?,?,?,?,?)");
  SQLite::Statement sr(db,"INSERT INTO site_rounds (round,site,state,progress,detail,updated,bytes_received,bytes_sent) VALUES (?,?,?,?,?,?,?,?)");
  SQLite::Statement me(db,"INSERT INTO metrics VALUES (?,?,?,?,?,?,?,?)");
  auto time=toIso(now());
  for(int i=0;i<sites;++i){ auto nm=fmt::format("site-{:04}",i);
    SQLite::bind(s,nm,1000+i,"t"+nm,"k"+nm,i%97!=0,time,20+i%60,56000000,56000000); s.exec(); s.reset();
    double bias=0.1*n(rng);
    for(int r=1;r<=rounds;++r){ bool out=(i*7+r*3)%211==0;
      SQLite::bind(sr,r,nm,out?"not counted":r==rounds?(i%3?"counted":"training"):"counted",r==rounds?0.5:1.0,out?(i%2?"connection lost while training":"its change is 1000 times the round's median"):(r==rounds?"epoch 1 of 1":""),time,2800000,2800000); sr.exec(); sr.reset();
      auto put=[&](const char*model,const char*split,const char*name,int step,double val,int sup){ SQLite::bind(me,r,nm,model,split,name,step,val,sup); me.exec(); me.reset(); };
      if(r<rounds) put("global","training","loss",0,0.4+std::exp(-0.2*r)+bias,50);
      for(int k=1;k<=5;++k) put("global","training","loss",k*10,0.4+std::exp(-0.2*r)+bias,10);
      if(r<rounds){ put("global","validation","dice",0,0.85*(1-std::exp(-0.4*r))-std::abs(bias),5); put("global","validation","dice:lesion",0,0.8,5);
      put("local","update","update-cosine",0,std::clamp(0.8+2*bias-0.02*r,-1.0,1.0),0); put("local","update","update-norm",0,1.0,0); put("local","update","update-distance",0,1.0,0); put("local","update","weight",0,0.001,0);} } }
  t.commit();
}
